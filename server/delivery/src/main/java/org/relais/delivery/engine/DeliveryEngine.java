package org.relais.delivery.engine;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.relais.delivery.Outcome;
import org.relais.delivery.control.DeliveryControl;
import org.relais.delivery.route.NextHops;
import org.relais.delivery.schedule.DeliverySchedule;
import org.relais.delivery.schedule.DeliverySchedule.Lane;
import org.relais.delivery.schedule.DeliverySchedule.Offer;
import org.relais.delivery.schedule.DeliverySchedule.Start;
import org.relais.delivery.schedule.DestinationState;
import org.relais.delivery.schedule.Feedback;
import org.relais.model.EnhancedStatus;
import org.relais.model.event.MailEvents;
import org.relais.smtpclient.SessionInfo;
import org.relais.smtpclient.SmtpClient;
import org.relais.spool.Changes;
import org.relais.spool.Claim;
import org.relais.spool.EnvelopeDetails;
import org.relais.spool.Spool;
import org.relais.spool.SpoolException;
import org.relais.spool.Stage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends what is due in the stage {@code DELIVERY}. One thread claims and one refills; some read contents; the rest is
 * driven by replies. What finds no room in memory is parked in the spool.
 *
 * <p>Deliveries register when the chain is loaded; {@link #start} comes after that, {@link #stop} before the chain is
 * stopped. An exception in our own code defers, however long the mail has waited, and never bounces. Safe for use by
 * many threads.
 */
public final class DeliveryEngine {
    /** Jobs in memory, those under way included; the schedule's own bound is lower. */
    static final int MOST_JOBS = 10_000;

    private static final Logger LOGGER = LoggerFactory.getLogger(DeliveryEngine.class);
    private static final int BATCH = 200;
    private static final long SMALL = 64 * 1024;
    private static final Duration LEASE = Duration.ofMinutes(10);
    private static final int RENEWALS = 3;
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(1);
    private static final Duration AFTER_NOTHING = Duration.ofMillis(100);
    private static final Duration WITHOUT_DELIVERY = Duration.ofMinutes(15);
    private static final EnhancedStatus OUR_FAULT = new EnhancedStatus(4, 3, 0);

    private final Parts parts;
    private final Spool spool;
    private final Turns turns;
    private final Suspensions suspensions;
    private final JobMaker jobMaker;
    private final Set<Job> jobs = ConcurrentHashMap.newKeySet();
    /** Those that are being sent, until their outcome is committed. */
    private final Set<Job> underWay = ConcurrentHashMap.newKeySet();

    private final ScheduledExecutorService timer;
    private final ExecutorService readers;
    private final AsyncCommits commits;
    private final Attempt attempt;
    private final Settlement settlement;
    private volatile boolean stopped;
    private @Nullable Thread claiming;
    private @Nullable Thread refilling;

    /**
     * What an engine stands on; it closes none of it.
     *
     * @param readers threads that read contents and begin attempts
     * @param drain how long a stop waits for attempts that are under way
     */
    public record Parts(
            Spool spool,
            SmtpClient client,
            NextHops nextHops,
            DeliverySchedule<Job> schedule,
            Deliveries deliveries,
            DeliveryControl control,
            Notices notices,
            MailEvents events,
            ThreadFactory threads,
            int readers,
            Duration drain) {}

    public DeliveryEngine(Parts parts) {
        this.parts = parts;
        this.spool = parts.spool();
        this.turns = new Turns(parts.schedule(), spool::now);
        this.suspensions = new Suspensions(parts.control(), spool);
        this.jobMaker = new JobMaker(parts.deliveries(), new Reroutes(parts.control()));
        this.timer = Executors.newSingleThreadScheduledExecutor(parts.threads());
        this.readers = Executors.newFixedThreadPool(parts.readers(), parts.threads());
        DeliveryEvents events = new DeliveryEvents(parts.events());
        this.commits = new AsyncCommits(spool, timer);
        this.attempt = new Attempt(
                spool, new ConvertingSender(parts.client(), this::onReader), parts.nextHops(), events, spool::now);
        this.settlement = new Settlement(spool, commits, parts.notices(), events);
    }

    /** To be called once, when the chain is ready. */
    public synchronized void start() {
        long renewal = LEASE.toMillis() / RENEWALS;
        timer.scheduleWithFixedDelay(this::renew, renewal, renewal, TimeUnit.MILLISECONDS);
        claiming = started(this::claimOn);
        refilling = started(this::refillOn);
    }

    private Thread started(Runnable loop) {
        Thread thread = parts.threads().newThread(loop);
        thread.start();
        return thread;
    }

    /** How many attempts are under way. */
    public int running() {
        return turns.running();
    }

    public List<DestinationState> destinations() {
        return turns.locked(DeliverySchedule::destinations);
    }

    /** To be called when an order has ended: what it kept is due at once. */
    public void ordersChanged() {
        suspensions.release();
    }

    /** Begins nothing new, and returns within the drain bound and two seconds. What was not sent is due again. */
    public synchronized void stop() {
        stopped = true;
        try {
            end(claiming);
            end(refilling);
            long deadline = System.nanoTime() + parts.drain().toNanos();
            while (isUnderWay() && System.nanoTime() < deadline) {
                TimeUnit.MILLISECONDS.sleep(10);
            }
            readers.shutdown();
            timer.shutdown();
            if (!readers.awaitTermination(1, TimeUnit.SECONDS)) {
                readers.shutdownNow();
            }
        } catch (InterruptedException e) {
            readers.shutdownNow();
            timer.shutdownNow();
            Thread.currentThread().interrupt();
        }
        if (isUnderWay()) {
            LOGGER.warn("{} deliveries did not end within {}; they are tried again later", running(), parts.drain());
        }
        // Those under way keep their claims: their outcome may still come, and has to find them.
        jobs.stream()
                .filter(job -> !underWay.contains(job))
                .forEach(job -> job.claims().forEach(spool::release));
    }

    private boolean isUnderWay() {
        return turns.running() > 0 || !underWay.isEmpty();
    }

    private static void end(@Nullable Thread thread) throws InterruptedException {
        if (thread != null) {
            thread.interrupt();
            thread.join(LONGEST_WAIT.toMillis());
        }
    }

    // ------------------------------------------------------------------ claims

    private void claimOn() {
        while (!stopped) {
            try {
                if (!turns.awaitRoom(MOST_JOBS) || !spool.awaitDue(Stage.DELIVERY, LONGEST_WAIT)) {
                    continue;
                }
                List<Claim> claims = spool.claim(Stage.DELIVERY, BATCH, LEASE);
                if (claims.isEmpty()) {
                    // Due, but not to be had: somebody else has it, or it cannot be read. Not a busy loop.
                    TimeUnit.MILLISECONDS.sleep(AFTER_NOTHING.toMillis());
                }
                take(claims);
            } catch (InterruptedException e) {
                LOGGER.debug("interrupted: stopping is {}", stopped, e);
            } catch (RuntimeException | Error e) {
                // An Error too: nothing would be claimed any more until the next start.
                LOGGER.error("what is due for delivery could not be claimed", e);
                pause();
            }
        }
    }

    private void refillOn() {
        while (!stopped) {
            try {
                turns.awaitLane().ifPresent(this::refill);
                suspensions.release();
                giveUp(suspensions.claimExpired(Spool.MOST_TOGETHER, LEASE));
                beginHere();
            } catch (InterruptedException e) {
                LOGGER.debug("interrupted: stopping is {}", stopped, e);
            } catch (RuntimeException | Error e) {
                LOGGER.error("what is parked for delivery could not be claimed", e);
                pause();
            }
        }
    }

    /** After a fault of ours that may come again at once. */
    private void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(LONGEST_WAIT.toMillis());
        } catch (InterruptedException e) {
            LOGGER.debug("interrupted: stopping is {}", stopped, e);
        }
    }

    private void refill(Lane lane) {
        take(spool.claimParked(lane.lane(), lane.atMost(), LEASE));
        turns.parked(lane.lane(), spool.parked(lane.lane()));
    }

    private void take(List<Claim> claims) {
        jobs(claims).forEach(this::offer);
        beginHere();
    }

    private List<Job> jobs(List<Claim> claims) {
        JobMaker.Made made = jobMaker.jobs(claims);
        made.undeliverable().forEach((claim, reason) -> {
            LOGGER.error("{}: not deliverable now: {}", claim.envelope().queueId(), reason);
            Instant next = spool.now().plus(WITHOUT_DELIVERY);
            update(List.of(claim), details -> details.deferred(next, reason));
        });
        return made.jobs();
    }

    private void offer(Job job) {
        if (suspensions.park(job)) {
            return;
        }
        jobs.add(job);
        Offer offer = turns.offer(job);
        if (offer instanceof Offer.Park park) {
            jobs.remove(job);
            job.claims().forEach(claim -> spool.park(claim, park.lane()));
            turns.parked(park.lane(), spool.parked(park.lane()));
        } else if (offer instanceof Offer.Later later) {
            putOff(job, later.until(), later.reason());
        }
    }

    private void putOff(Job job, Instant until, String reason) {
        jobs.remove(job);
        update(job.claims(), details -> details.withNextAttempt(until).withReason(reason));
    }

    private interface Change {
        EnvelopeDetails of(EnvelopeDetails details);
    }

    private void update(List<Claim> claims, Change change) {
        commits.commit(() -> {
                    Changes changes = new Changes().relaxed();
                    claims.forEach(claim ->
                            changes.update(claim, change.of(claim.envelope().details())));
                    return changes;
                })
                .whenComplete((receipt, thrown) -> {
                    if (thrown != null) {
                        notCommitted(claims, thrown);
                    }
                });
    }

    // ------------------------------------------------------------------ attempts

    private void begin() {
        putOffReturned();
        if (!stopped) {
            turns.starts().forEach(this::runOnReader);
        }
    }

    /** On a thread that may read the disk: what is small goes without another thread. */
    private void beginHere() {
        putOffReturned();
        for (Start<Job> start : stopped ? List.<Start<Job>>of() : turns.starts()) {
            if (spool.size(start.job().first().message()).orElse(Long.MAX_VALUE) <= SMALL) {
                run(start);
            } else {
                runOnReader(start);
            }
        }
    }

    private void putOffReturned() {
        turns.returned().forEach(one -> putOff(one.job(), one.until(), one.reason()));
    }

    private void runOnReader(Start<Job> start) {
        try {
            readers.execute(() -> run(start));
        } catch (RejectedExecutionException stopping) {
            LOGGER.debug("not begun: the server stops", stopping);
            turns.ended(start.destination(), new Feedback.None());
        }
    }

    private void run(Start<Job> start) {
        if (suspensions.park(start.job())) {
            jobs.remove(start.job());
            turns.ended(start.destination(), new Feedback.None());
            return;
        }
        if (stopped) {
            turns.ended(start.destination(), new Feedback.None());
            return;
        }
        underWay.add(start.job());
        attempt(start.job()).whenComplete((made, thrown) -> {
            AttemptResult result = thrown == null ? made : ourFault(start.job(), thrown);
            // Before the commit: the next mail need not wait for it.
            turns.ended(start.destination(), result.feedback());
            // Not here: a notification may have to read the disk.
            if (settlement.mayRead(start.job(), result)) {
                onReader(() -> settle(start.job(), () -> settlement.settle(start.job(), result)));
            } else {
                settle(start.job(), () -> settlement.settle(start.job(), result));
            }
            begin();
        });
    }

    private void onReader(Runnable task) {
        try {
            readers.execute(task);
        } catch (RejectedExecutionException stopping) {
            LOGGER.debug("the server stops; done here", stopping);
            task.run();
        }
    }

    private CompletionStage<AttemptResult> attempt(Job job) {
        try {
            return attempt.make(job);
        } catch (SpoolException | IOException | RuntimeException | Error e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static AttemptResult ourFault(Job job, Throwable thrown) {
        Throwable fault =
                thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
        LOGGER.error(
                "{}: delivery failed through a fault of ours; deferred",
                job.first().queueId(),
                fault);
        Outcome outcome = new Outcome.Deferred(OUR_FAULT, "4.3.0 Fault in our mail system: " + fault);
        return new AttemptResult(
                Collections.nCopies(job.claims().size(), outcome),
                job.destination().name(),
                new Feedback.None(),
                true,
                SessionInfo.NONE);
    }

    /** What expired while it was suspended ends without an attempt. */
    private void giveUp(List<Claim> claims) {
        for (Job job : jobs(claims)) {
            List<Claim> expired = suspensions.isSuspended(job) ? suspensions.expired(job) : List.of();
            if (expired.size() < job.claims().size()) {
                List<Claim> others = new ArrayList<>(job.claims());
                others.removeAll(expired);
                offer(job.with(others));
            }
            if (!expired.isEmpty()) {
                Job ending = job.with(expired);
                jobs.add(ending);
                underWay.add(ending);
                settle(ending, () -> settlement.giveUp(ending));
            }
        }
    }

    private void settle(Job job, Supplier<CompletionStage<?>> outcome) {
        CompletionStage<?> settled;
        try {
            settled = outcome.get();
        } catch (RuntimeException | Error e) {
            settled = CompletableFuture.failedFuture(e);
        }
        settled.whenComplete((receipt, thrown) -> {
            jobs.remove(job);
            underWay.remove(job);
            if (thrown != null) {
                notCommitted(job.claims(), thrown);
            }
        });
    }

    /** They stay claimed until the lease ends: at once would be a busy loop, and would deliver again and again. */
    private static void notCommitted(List<Claim> claims, Throwable thrown) {
        LOGGER.error(
                "{}: what came of the delivery was not committed; it comes back within {}",
                claims.get(0).envelope().queueId(),
                LEASE,
                thrown);
    }

    private void renew() {
        for (Job job : jobs) {
            try {
                job.claims().forEach(claim -> spool.renew(claim, LEASE));
            } catch (RuntimeException e) {
                LOGGER.error("claims could not be renewed; they may run out while their mails are in work", e);
            }
        }
    }
}
