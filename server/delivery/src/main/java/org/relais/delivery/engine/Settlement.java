package org.relais.delivery.engine;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.relais.delivery.Outcome;
import org.relais.delivery.dsn.DsnReport.Action;
import org.relais.delivery.engine.Notices.Notice;
import org.relais.model.EnhancedStatus;
import org.relais.spool.Changes;
import org.relais.spool.Claim;
import org.relais.spool.Disposition;
import org.relais.spool.EnvelopeDetails;
import org.relais.spool.PendingMessage;
import org.relais.spool.Receipt;
import org.relais.spool.Spool;
import org.relais.spool.SpoolException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commits what came of an attempt, for all of its envelopes in one step, and tells it: delivered ones leave the spool,
 * failed ones go to the processor that bounces, deferred ones wait. Safe for use by many threads.
 *
 * <p>A kill between a next hop's reply and the commit repeats the attempt, as in every MTA (RFC 5321 §6.1).
 */
final class Settlement {
    private static final Logger LOGGER = LoggerFactory.getLogger(Settlement.class);
    private static final EnhancedStatus EXPIRED = new EnhancedStatus(5, 4, 7);
    private static final Duration AFTER_OUR_FAULT = Duration.ofMinutes(15);
    private static final int LAST = 0;

    private final Spool spool;
    private final AsyncCommits commits;
    private final Notices notices;
    private final DeliveryEvents events;

    Settlement(Spool spool, AsyncCommits commits, Notices notices, DeliveryEvents events) {
        this.spool = spool;
        this.commits = commits;
        this.notices = notices;
        this.events = events;
    }

    /**
     * What becomes of one envelope.
     *
     * @param attempted empty: nothing was attempted
     * @param next for one that stays, be it for a fault of ours
     * @param until when it is given up, if that can be said ahead
     */
    record Fate(Claim claim, Outcome outcome, Optional<Instant> attempted, Instant next, Optional<Instant> until) {}

    /** Whether {@link #settle} has something to tell the sender: it reads the content then. */
    boolean mayRead(Job job, AttemptResult result) {
        return notices.mayTell(job, result.passesDsnOn(), spool.now());
    }

    /** Reads the disk where a sender is to be told something that is no failure. */
    CompletionStage<Receipt> settle(Job job, AttemptResult result) {
        Instant now = spool.now();
        List<Fate> fates = new ArrayList<>(job.claims().size());
        for (int i = 0; i < job.claims().size(); i++) {
            fates.add(fate(job, job.claims().get(i), result.outcomes().get(i), result.isOurFault(), now));
        }
        for (Fate fate : fates) {
            if (fate.outcome() instanceof Outcome.Delivered) {
                // It is, whether the spool notes it or not.
                events.delivered(job, fate.claim(), fate.outcome(), result, now);
            }
        }
        Map<Action, List<Fate>> told = told(job, fates, result.passesDsnOn(), now);
        List<Notice> toSend = write(job, told, result.hop(), now);
        List<Fate> warned = toSend.isEmpty() ? List.of() : told.getOrDefault(Action.DELAYED, List.of());
        return commit(job, fates, () -> changes(job, fates, result.hop(), warned, toSend), now);
    }

    /** Ends, without an attempt, what expired while its destination was suspended. Reads nothing. */
    CompletionStage<Receipt> giveUp(Job job) {
        Instant now = spool.now();
        String name = job.destination().name();
        List<Fate> fates = job.claims().stream()
                .map(claim -> new Fate(
                        claim,
                        new Outcome.Failed(EXPIRED, suspended(claim.envelope().details(), name)),
                        Optional.empty(),
                        now.plus(AFTER_OUR_FAULT),
                        Optional.empty()))
                .toList();
        return commit(job, fates, () -> changes(job, fates, name, List.of(), List.of()), now);
    }

    private static String suspended(EnvelopeDetails details, String destination) {
        String text = "5.4.7 Given up while deliveries to " + destination + " were suspended, after "
                + details.attempts() + " attempts";
        return details.attempts() == 0 || details.reason().isEmpty() ? text : text + ": " + details.reason();
    }

    private CompletionStage<Receipt> commit(Job job, List<Fate> fates, Supplier<Changes> step, Instant now) {
        return commits.commit(step).thenApply(receipt -> {
            fates.forEach(fate -> tell(job, fate, now));
            return receipt;
        });
    }

    private static Fate fate(Job job, Claim claim, Outcome outcome, boolean isOurFault, Instant now) {
        if (!(outcome instanceof Outcome.Deferred) || isOurFault) {
            return ended(claim, outcome, now);
        }
        int attempts = claim.envelope().details().attempts() + 1;
        String domain = claim.envelope().details().forwardDomain();
        Retries retries = job.delivery().retries();
        Optional<Duration> delay = retries.after(domain, outcome, attempts, job.age(now));
        if (delay.isEmpty()) {
            String text = "5.4.7 Given up after " + attempts + " attempts: " + outcome.text();
            return ended(claim, new Outcome.Failed(EXPIRED, text), now);
        }
        Instant next = now.plus(delay.get());
        Optional<Instant> until = retries.expiry(domain, outcome, job.age(now))
                .map(expiry -> job.first().created().plus(expiry))
                .map(at -> at.isBefore(next) ? next : at);
        return new Fate(claim, outcome, Optional.of(now), next, until);
    }

    private static Fate ended(Claim claim, Outcome outcome, Instant now) {
        return new Fate(claim, outcome, Optional.of(now), now.plus(AFTER_OUR_FAULT), Optional.empty());
    }

    private Map<Action, List<Fate>> told(Job job, List<Fate> fates, boolean passesDsnOn, Instant now) {
        Map<Action, List<Fate>> told = new EnumMap<>(Action.class);
        for (Fate fate : fates) {
            notices.due(job, fate, passesDsnOn, now)
                    .ifPresent(action -> told.computeIfAbsent(action, any -> new ArrayList<>())
                            .add(fate));
        }
        return told;
    }

    /** A notification that cannot be made holds no outcome up: that would deliver the mail again. */
    private List<Notice> write(Job job, Map<Action, List<Fate>> told, String hop, Instant now) {
        List<Notice> written = new ArrayList<>();
        told.forEach((action, fates) -> {
            try {
                written.add(notices.notice(job, fates, action, hop, spool, now));
            } catch (SpoolException | IOException | RuntimeException e) {
                LOGGER.error("{}: the sender is not told {}", job.first().queueId(), action, e);
            }
        });
        return written;
    }

    private static Changes changes(Job job, List<Fate> fates, String hop, List<Fate> warned, List<Notice> toSend) {
        Changes changes = new Changes().relaxed();
        fates.forEach(fate -> change(job, changes, fate, hop, warned.contains(fate)));
        toSend.forEach(notice -> changes.create(PendingMessage.of(notice.content()), List.of(notice.envelope())));
        return changes;
    }

    private static void change(Job job, Changes changes, Fate fate, String hop, boolean isWarned) {
        Claim claim = fate.claim();
        EnvelopeDetails details = claim.envelope().details();
        if (fate.outcome() instanceof Outcome.Deferred) {
            EnvelopeDetails kept = isWarned ? warned(details) : details;
            EnvelopeDetails waiting = kept.deferred(fate.next(), fate.outcome().text());
            changes.update(claim, job.delivery().usesPriority() ? waiting.withPriority(LAST) : waiting);
        } else if (fate.outcome() instanceof Outcome.Delivered) {
            delivered(job, details)
                    .ifPresentOrElse(
                            further -> changes.update(claim, further),
                            () -> changes.remove(claim, Disposition.DELIVERED));
        } else if (details.reversePath().isEmpty()) {
            changes.remove(claim, Disposition.FAILED_SILENTLY);
        } else {
            changes.update(claim, failed(job, fate, hop));
        }
    }

    /** Thrown on, an exception would keep the delivery from being committed: the mail would be sent again and again. */
    private static Optional<EnvelopeDetails> delivered(Job job, EnvelopeDetails details) {
        try {
            return job.delivery().delivered(details);
        } catch (RuntimeException bug) {
            LOGGER.error("{}: delivered, but not handed to the processor onSuccess", details.queueId(), bug);
            return Optional.empty();
        }
    }

    private static EnvelopeDetails warned(EnvelopeDetails details) {
        try {
            return Notices.warned(details);
        } catch (IllegalArgumentException tooMuch) {
            LOGGER.error(
                    "{}: the envelope has no room for the mark that its sender was told of the delay; he will be again",
                    details.queueId(),
                    tooMuch);
            return details;
        }
    }

    private static EnvelopeDetails failed(Job job, Fate fate, String hop) {
        EnvelopeDetails details = fate.claim().envelope().details();
        try {
            return job.delivery().failed(details, fate.outcome(), hop, fate.attempted());
        } catch (RuntimeException tooMuch) {
            // Thrown on, it would keep what was delivered to the others from being committed: they would get it again.
            LOGGER.error(
                    "{}: the envelope has no room for why the delivery failed; deferred", details.queueId(), tooMuch);
            return details.deferred(fate.next(), fate.outcome().text());
        }
    }

    private void tell(Job job, Fate fate, Instant now) {
        if (fate.outcome() instanceof Outcome.Deferred) {
            events.deferred(job, fate.claim(), fate.outcome(), now, fate.next());
        } else if (fate.outcome() instanceof Outcome.Failed) {
            String how = job.details().reversePath().isEmpty()
                    ? "null reverse-path: no bounce is due"
                    : "to the processor that bounces";
            events.bounced(job, fate.claim(), fate.outcome(), how, now);
        }
    }
}
