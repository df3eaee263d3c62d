package org.relais.access.smtp.james;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.james.queue.api.MailQueue;
import org.apache.james.queue.api.MailQueue.MailQueueException;
import org.apache.james.queue.api.MailQueueFactory;
import org.apache.james.queue.api.MailQueueName;
import org.apache.james.queue.api.ManageableMailQueue;

/**
 * Keeps the queues, which are in memory and know no bound of their own, from filling the heap.
 *
 * <p>There is room while fewer than {@code mails} wait in all queues together and the heap's long-lived part was less than
 * 80 % full after its last collection. Who finds none waits for a while, so that a burst is slowed down rather than
 * refused. Safe for use by many threads. The spool, on disk, makes this class go.
 */
public final class QueueRoom {
    private static final double HEAP_SHARE = 0.8;
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final MailQueueFactory<?> queues;
    private final int mails;
    private final Duration patience;
    private final List<MemoryPoolMXBean> heap = ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(pool -> pool.getType() == MemoryType.HEAP && pool.isCollectionUsageThresholdSupported())
            .filter(pool -> pool.getName().contains("Old") || pool.getName().contains("Tenured"))
            .toList();

    /** @param patience how long a session waits for room before its mail is answered 452 */
    public QueueRoom(MailQueueFactory<?> queues, int mails, Duration patience) {
        this.queues = queues;
        this.mails = mails;
        this.patience = patience;
    }

    /** @throws IOException if there is no room in time; the message says which bound was hit */
    public void await() throws IOException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (waiting() >= mails || isHeapFull()) {
            if (System.nanoTime() >= deadline) {
                throw new IOException(
                        isHeapFull()
                                ? "the heap is full of mails that wait: give the server more memory (RELAIS_JAVA_OPTS=-Xmx…),"
                                        + " or see why they are not delivered"
                                : mails
                                        + " mails wait in the queues, which is their bound: see why they are not delivered");
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    private long waiting() throws IOException {
        long waiting = 0;
        for (MailQueueName name : queues.listCreatedMailQueues()) {
            MailQueue queue = queues.getQueue(name).orElse(null);
            if (queue instanceof ManageableMailQueue manageable) {
                try {
                    waiting += manageable.getSize();
                } catch (MailQueueException e) {
                    throw new IOException("the queue " + name.asString() + " does not tell its size", e);
                }
            }
        }
        return waiting;
    }

    private boolean isHeapFull() {
        for (MemoryPoolMXBean pool : heap) {
            MemoryUsage afterCollection = pool.getCollectionUsage();
            if (afterCollection.getMax() > 0 && afterCollection.getUsed() > HEAP_SHARE * afterCollection.getMax()) {
                return true;
            }
        }
        return false;
    }
}
