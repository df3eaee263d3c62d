package org.relais.administration.benchmark;

import java.util.BitSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Which mails the server took, and which came to the sink, by their numbers from 0; at most {@link #MOST}. Safe for many
 * threads.
 */
final class Arrivals {
    /** More than any run within the bounds of the command sends; two bits each. */
    static final int MOST = 50_000_000;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition more = lock.newCondition();
    private final BitSet accepted = new BitSet();
    private final BitSet arrived = new BitSet();
    private int next;
    private int acceptedCount;
    private int arrivedCount;
    private int outstanding;
    private long duplicates;
    private long lastNanos;

    /** What there is to see between two phases. */
    record Count(int accepted, int arrived, int outstanding, long duplicates, long lastNanos) {}

    /** A number for the next mail; -1 when there is none left. */
    int number() {
        lock.lock();
        try {
            return next < MOST ? next++ : -1;
        } finally {
            lock.unlock();
        }
    }

    void accepted(int number) {
        lock.lock();
        try {
            accepted.set(number);
            acceptedCount++;
            if (!arrived.get(number)) { // it may come before its 250 is read
                outstanding++;
            }
        } finally {
            lock.unlock();
        }
    }

    void arrived(int number, long nanos) {
        lock.lock();
        try {
            if (number < 0 || number >= next) {
                return; // not one of ours
            }
            if (arrived.get(number)) {
                duplicates++;
            } else {
                arrived.set(number);
                arrivedCount++;
                lastNanos = nanos;
                if (accepted.get(number)) {
                    outstanding--;
                }
            }
            more.signalAll();
        } finally {
            lock.unlock();
        }
    }

    Count count() {
        lock.lock();
        try {
            return new Count(acceptedCount, arrivedCount, outstanding, duplicates, lastNanos);
        } finally {
            lock.unlock();
        }
    }

    /** Waits until all that was accepted has arrived, as long as something comes within {@code patienceNanos}. */
    void awaitAll(long patienceNanos) throws InterruptedException {
        lock.lock();
        try {
            while (outstanding > 0) {
                if (!more.await(patienceNanos, TimeUnit.NANOSECONDS)) {
                    return;
                }
            }
        } finally {
            lock.unlock();
        }
    }
}
