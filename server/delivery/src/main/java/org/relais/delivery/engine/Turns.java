package org.relais.delivery.engine;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.relais.delivery.schedule.DeliverySchedule;
import org.relais.delivery.schedule.DeliverySchedule.Lane;
import org.relais.delivery.schedule.DeliverySchedule.Offer;
import org.relais.delivery.schedule.DeliverySchedule.Returned;
import org.relais.delivery.schedule.DeliverySchedule.Start;
import org.relais.delivery.schedule.Feedback;

/** The schedule behind a lock, with ways to wait for it. Safe for use by many threads. */
final class Turns {
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(1);

    private final DeliverySchedule<Job> schedule;
    private final InstantSource clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private int running;

    Turns(DeliverySchedule<Job> schedule, InstantSource clock) {
        this.schedule = schedule;
        this.clock = clock;
    }

    Offer offer(Job job) {
        return locked(turns -> turns.offer(
                job.destination().name(),
                job.details().reversePath(),
                job.details().priority(),
                job.claims().size(),
                job));
    }

    void parked(long lane, int envelopes) {
        lock.lock();
        try {
            schedule.parked(lane, envelopes);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** All that may start now; each is to be {@link #ended}. */
    List<Start<Job>> starts() {
        return locked(turns -> {
            List<Start<Job>> starts = new ArrayList<>();
            for (Optional<Start<Job>> next = turns.next(); next.isPresent(); next = turns.next()) {
                starts.add(next.get());
            }
            running += starts.size();
            return starts;
        });
    }

    /** What the schedule gives back: to be put off as it says. */
    List<Returned<Job>> returned() {
        return locked(turns -> {
            List<Returned<Job>> returned = new ArrayList<>();
            for (Optional<Returned<Job>> one = turns.returned(); one.isPresent(); one = turns.returned()) {
                returned.add(one.get());
            }
            return returned;
        });
    }

    void ended(String destination, Feedback feedback) {
        lock.lock();
        try {
            schedule.ended(destination, feedback);
            running--;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    int running() {
        return locked(turns -> running);
    }

    /** Waits until there are fewer than {@code most} jobs, or a second. Tells whether there are. */
    boolean awaitRoom(int most) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            if (schedule.size() >= most) {
                await(LONGEST_WAIT);
            }
            return schedule.size() < most;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until something is to be claimed from a lane, or until the schedule may have more to start. */
    Optional<Lane> awaitLane() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            Optional<Lane> lane = schedule.refill();
            if (lane.isEmpty()) {
                await(untilWake());
                lane = schedule.refill();
            }
            return lane;
        } finally {
            lock.unlock();
        }
    }

    private Duration untilWake() {
        Instant now = clock.instant();
        Duration wait = schedule.wakeAt().map(at -> Duration.between(now, at)).orElse(LONGEST_WAIT);
        return wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait;
    }

    private void await(Duration atMost) throws InterruptedException {
        // At least a millisecond: a schedule that is wrong about its wake shall not make a busy loop.
        changed.awaitNanos(TimeUnit.MILLISECONDS.toNanos(Math.max(1, atMost.toMillis())));
    }

    <T> T locked(Function<DeliverySchedule<Job>, T> use) {
        lock.lock();
        try {
            return use.apply(schedule);
        } finally {
            lock.unlock();
        }
    }
}
