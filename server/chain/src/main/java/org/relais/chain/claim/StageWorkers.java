package org.relais.chain.claim;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.relais.spool.Claim;
import org.relais.spool.Spool;
import org.relais.spool.Stage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A fixed number of threads that work on what is due in one stage of the spool.
 *
 * <p>One idle thread at a time waits for the spool and claims, for itself and for the other idle ones; so a claim never
 * waits long for a thread, and no mail passes from thread to thread when there is little to do. {@code work} ends the
 * claims it gets, by commits. Those that it leaves, by an exception too, come back when their lease is over: that is
 * the delay after a fault. After {@link #stop} nothing new is begun; what runs may end within the bound and is
 * interrupted then.
 */
public final class StageWorkers {
    private static final Logger LOGGER = LoggerFactory.getLogger(StageWorkers.class);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(1);
    private static final Duration AFTER_INTERRUPT = Duration.ofSeconds(2);
    private static final Duration AFTER_NOTHING = Duration.ofMillis(100);

    private final Spool spool;
    private final Stage stage;
    private final int workers;
    private final Duration lease;
    private final Function<List<Claim>, List<List<Claim>>> jobs;
    private final Work work;
    private final ExecutorService threads;
    private final ReentrantLock claiming = new ReentrantLock();
    private final Queue<Job> ready = new ConcurrentLinkedQueue<>();
    private final AtomicInteger running = new AtomicInteger();
    private final Set<Thread> idle = new HashSet<>();
    private final Leases leases;
    private volatile boolean stopped;

    private record Job(List<Claim> claims, Leases.Hold hold) {}

    /** Ends the claims of one job. */
    @FunctionalInterface
    public interface Work {
        /** @param isStopping whether an interrupt means that the workers stop, and no fault */
        void accept(List<Claim> claims, BooleanSupplier isStopping);
    }

    /**
     * Starts the threads.
     *
     * @param jobs which claims, of those that were claimed together, are worked on together; it may keep some and
     *     answer for them itself
     */
    public static StageWorkers start(
            Spool spool,
            Stage stage,
            WorkerSettings settings,
            ThreadFactory threads,
            Function<List<Claim>, List<List<Claim>>> jobs,
            Work work) {
        StageWorkers started = new StageWorkers(spool, stage, settings, threads, jobs, work);
        for (int i = 0; i < settings.workers(); i++) {
            started.threads.execute(started::loop);
        }
        return started;
    }

    private StageWorkers(
            Spool spool,
            Stage stage,
            WorkerSettings settings,
            ThreadFactory threads,
            Function<List<Claim>, List<List<Claim>>> jobs,
            Work work) {
        this.spool = spool;
        this.stage = stage;
        this.workers = settings.workers();
        this.lease = settings.lease();
        this.jobs = jobs;
        this.work = work;
        this.leases = new Leases(spool, lease, threads);
        this.threads = Executors.newFixedThreadPool(workers, threads);
    }

    /** How many jobs are being worked on. */
    public int running() {
        return running.get();
    }

    /** Returns true when everything that ran came to its own end within {@code bound}. */
    public boolean stop(Duration bound) {
        synchronized (idle) {
            stopped = true;
            idle.forEach(Thread::interrupt);
        }
        threads.shutdown();
        boolean clean = awaitEnd(bound);
        for (Job job = ready.poll(); job != null; job = ready.poll()) {
            job.hold().close();
            job.claims().forEach(spool::release);
        }
        leases.close();
        return clean;
    }

    private boolean awaitEnd(Duration bound) {
        try {
            if (threads.awaitTermination(bound.toMillis(), TimeUnit.MILLISECONDS)) {
                return true;
            }
            LOGGER.warn(
                    "stage {}: {} mails did not end within {}; they are interrupted and tried again later",
                    stage,
                    running.get(),
                    bound);
            threads.shutdownNow();
            threads.awaitTermination(AFTER_INTERRUPT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            threads.shutdownNow();
            Thread.currentThread().interrupt();
        }
        return false;
    }

    private void loop() {
        while (!stopped) {
            Optional<Job> job = Optional.empty();
            try {
                job = next();
            } catch (RuntimeException | Error e) {
                // An Error too: a thread that ends here is one worker less until the next start.
                LOGGER.error("stage {}: what is due could not be claimed", stage, e);
            }
            job.ifPresent(this::run);
        }
    }

    private void run(Job job) {
        running.incrementAndGet();
        try (Leases.Hold hold = job.hold()) {
            work.accept(job.claims(), () -> stopped);
        } catch (CommitFailedException e) {
            giveUp(e);
        } catch (Throwable bug) {
            LOGGER.error("stage {}: a mail could not be worked on; it comes back in {}", stage, lease, bug);
        } finally {
            running.decrementAndGet();
        }
    }

    private void giveUp(CommitFailedException e) {
        if (e.kind() == CommitFailedException.Kind.BROKEN && !stopped) {
            LOGGER.error("stage {}: the spool is broken; nothing is worked on until the next start", stage, e);
            synchronized (idle) {
                stopped = true;
                idle.forEach(Thread::interrupt);
            }
        } else {
            LOGGER.error("stage {}: what came of a mail was not committed; it comes back in {}", stage, lease, e);
        }
    }

    /** The next job; empty after a while without one, or when stopped. */
    private Optional<Job> next() {
        Job waiting = ready.poll();
        if (waiting != null) {
            return Optional.of(waiting);
        }
        synchronized (idle) {
            if (stopped) {
                return Optional.empty();
            }
            idle.add(Thread.currentThread());
        }
        try {
            return Optional.ofNullable(await());
        } catch (InterruptedException e) {
            // By stop(), or by a mailet that left its thread's flag set: nobody waits for the flag here.
            return Optional.empty();
        } finally {
            synchronized (idle) {
                idle.remove(Thread.currentThread());
                if (stopped) {
                    Thread.interrupted();
                }
            }
        }
    }

    private @Nullable Job await() throws InterruptedException {
        claiming.lockInterruptibly();
        try {
            Job waiting = ready.poll();
            if (waiting != null || stopped || !spool.awaitDue(stage, LONGEST_WAIT)) {
                return waiting;
            }
            List<Claim> claims = spool.claim(stage, Math.max(1, workers - running.get()), lease);
            if (claims.isEmpty()) {
                // Due, but not to be had: somebody else has it, or it cannot be read. Asking on would be a busy loop.
                TimeUnit.MILLISECONDS.sleep(AFTER_NOTHING.toMillis());
                return null;
            }
            ready.addAll(jobs(claims));
            return ready.poll();
        } finally {
            claiming.unlock();
        }
    }

    private List<Job> jobs(List<Claim> claims) {
        List<Job> made = new ArrayList<>();
        for (List<Claim> job : jobs.apply(claims)) {
            made.add(new Job(job, leases.hold(job)));
        }
        return made;
    }
}
