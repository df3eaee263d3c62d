package org.relais.mailets.delivery;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.relais.chain.claim.CommitFailedException;
import org.relais.chain.claim.Commits;
import org.relais.chain.claim.StageWorkers;
import org.relais.chain.claim.WorkerSettings;
import org.relais.chain.identity.MailName;
import org.relais.spool.Changes;
import org.relais.spool.Claim;
import org.relais.spool.EnvelopeDetails;
import org.relais.spool.Spool;
import org.relais.spool.Stage;
import org.relais.spool.james.SpoolMails;
import org.relais.spool.mail.MailState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives what is due in the stage {@code DELIVERY} to the deliveries of the chain, one dispatcher for all of them.
 *
 * <p>A delivery gets the mails that the chain handed to it. After a change of the chain, those of a delivery that is no
 * more go to one with the same queue, or to the only one there is; with neither they are deferred, until there is one
 * again. A delivery that is busy gets no more than it has threads: its mails step back for a moment, and those of others
 * pass by.
 *
 * <p>Deliveries register when the chain is loaded; {@link #start} comes after that, {@link #stop} before the chain is
 * stopped. Safe for use by many threads.
 */
public final class DeliveryDispatcher {
    private static final Logger LOGGER = LoggerFactory.getLogger(DeliveryDispatcher.class);
    private static final Duration WHILE_BUSY = Duration.ofSeconds(5);
    private static final Duration WITHOUT_DELIVERY = Duration.ofMinutes(15);

    private final Spool spool;
    private final SpoolMails mails = new SpoolMails(MailName::queueId);
    private final Commits commits;
    private final ThreadFactory threads;
    private final Duration drain;
    private final Map<DeliveryName, Registered> deliveries = new ConcurrentHashMap<>();
    private @Nullable StageWorkers workers;

    private record Registered(SpoolDelivery delivery, Semaphore free) {}

    /** @param drain how long a stop waits for attempts that are under way */
    public DeliveryDispatcher(Spool spool, ThreadFactory threads, Duration drain) {
        this.spool = spool;
        this.commits = new Commits(spool, Commits.Patience.STANDARD);
        this.threads = threads;
        this.drain = drain;
    }

    Spool spool() {
        return spool;
    }

    SpoolMails mails() {
        return mails;
    }

    Commits commits() {
        return commits;
    }

    /** Two deliveries of one name do the same. */
    void register(SpoolDelivery delivery) {
        deliveries.put(delivery.name(), new Registered(delivery, new Semaphore(delivery.threads())));
    }

    void unregister(SpoolDelivery delivery) {
        deliveries.values().removeIf(registered -> registered.delivery().equals(delivery));
    }

    /** To be called once, when the chain is ready. */
    public synchronized void start() {
        int all = deliveries.values().stream()
                .mapToInt(registered -> registered.delivery().threads())
                .sum();
        workers = StageWorkers.start(
                spool, Stage.DELIVERY, WorkerSettings.of(Math.max(1, all)), threads, this::jobs, this::work);
    }

    /** How many attempts are under way. */
    public synchronized int running() {
        return workers == null ? 0 : workers.running();
    }

    /** Begins nothing new, and returns within the drain bound and two seconds. */
    public synchronized void stop() {
        if (workers != null) {
            workers.stop(drain);
            workers = null;
        }
    }

    private List<List<Claim>> jobs(List<Claim> claims) {
        List<List<Claim>> jobs = new ArrayList<>();
        for (List<Claim> mail : mails.groups(claims)) {
            try {
                jobs.addAll(jobsOf(mail));
            } catch (CommitFailedException e) {
                LOGGER.error("{}: not deferred; they come back when their claims end", ids(mail), e);
            }
        }
        return jobs;
    }

    private List<List<Claim>> jobsOf(List<Claim> mail) {
        DeliveryName name;
        try {
            name = nameOf(mail);
        } catch (IllegalArgumentException unreadable) {
            LOGGER.error("{}: no mail can be made of them; they are deferred", ids(mail), unreadable);
            defer(mail, "4.3.0 The mail cannot be read: " + unreadable.getMessage());
            return List.of();
        }
        Optional<Registered> found = find(name);
        if (found.isEmpty()) {
            LOGGER.error("{}: the chain has no delivery {} any more; they are deferred", ids(mail), name.queue());
            defer(mail, "4.3.5 The chain has no delivery " + name.queue() + " any more");
            return List.of();
        }
        return found.get().delivery().jobs(mail);
    }

    private static DeliveryName nameOf(List<Claim> mail) {
        return DeliveryName.parse(MailState.of(mail.get(0).envelope().details()).delivery());
    }

    private Optional<Registered> find(DeliveryName name) {
        Registered exact = deliveries.get(name);
        if (exact != null) {
            return Optional.of(exact);
        }
        List<Registered> all = List.copyOf(deliveries.values());
        return all.stream()
                .filter(registered -> registered.delivery().name().queue().equals(name.queue()))
                .findFirst()
                .or(() -> all.size() == 1 ? Optional.of(all.get(0)) : Optional.empty());
    }

    private void work(List<Claim> job, BooleanSupplier isStopping) {
        Optional<Registered> found = find(nameOf(job));
        if (found.isEmpty()) {
            job.forEach(spool::release);
        } else if (!found.get().free().tryAcquire()) {
            stepBack(job);
        } else {
            try {
                found.get().delivery().attempt(job, isStopping);
            } finally {
                found.get().free().release();
            }
        }
    }

    private void defer(List<Claim> claims, String reason) {
        Instant next = spool.now().plus(WITHOUT_DELIVERY);
        update(claims, details -> details.deferred(next, reason));
    }

    private void stepBack(List<Claim> claims) {
        Instant next = spool.now().plus(WHILE_BUSY);
        update(claims, details -> details.withNextAttempt(next));
    }

    private void update(List<Claim> claims, UnaryOperator<EnvelopeDetails> change) {
        commits.commit(() -> {
            Changes changes = new Changes().relaxed();
            claims.forEach(
                    claim -> changes.update(claim, change.apply(claim.envelope().details())));
            return changes;
        });
    }

    private static List<String> ids(List<Claim> claims) {
        return claims.stream()
                .map(claim -> claim.id() + " (" + claim.envelope().queueId().value() + ")")
                .toList();
    }
}
