package org.relais.mailets.delivery;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import javax.mail.MessagingException;
import org.apache.james.core.MailAddress;
import org.apache.james.lifecycle.api.LifecycleUtil;
import org.apache.james.server.core.MailImpl;
import org.apache.mailet.Mail;
import org.relais.chain.claim.CommitFailedException;
import org.relais.chain.claim.Commits;
import org.relais.chain.james.RecipientClaims;
import org.relais.mailets.relay.Attempts;
import org.relais.mailets.relay.Outcome;
import org.relais.mailets.relay.RelaySchedule;
import org.relais.model.EnhancedStatus;
import org.relais.spool.Changes;
import org.relais.spool.Claim;
import org.relais.spool.Disposition;
import org.relais.spool.EnvelopeDetails;
import org.relais.spool.Spool;
import org.relais.spool.SpoolException;
import org.relais.spool.james.SpoolMails;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes an attempt at the envelopes of one job and commits what came of it, in one step: delivered ones leave the spool,
 * failed ones go to the processor that bounces, deferred ones wait.
 *
 * <p>A kill between a next hop's reply and the commit repeats the attempt, as in every MTA (RFC 5321 §6.1). An exception
 * is a fault of ours: it defers, however long the mail has waited, and never bounces.
 */
final class RelayWorker {
    private static final Logger LOGGER = LoggerFactory.getLogger(RelayWorker.class);
    private static final EnhancedStatus OUR_FAULT = new EnhancedStatus(4, 3, 0);
    private static final EnhancedStatus EXPIRED = new EnhancedStatus(5, 4, 7);
    private static final Duration AFTER_OUR_FAULT = Duration.ofMinutes(15);
    private static final int LAST = 0;

    private final Spool spool;
    private final SpoolMails mails;
    private final Commits commits;
    private final RelayAttempt attempt;
    private final RelaySchedule schedule;
    private final RelayBounces bounces;
    private final RelayEvents events;
    private final boolean usesPriority;

    RelayWorker(
            DeliveryDispatcher dispatcher,
            RelayAttempt attempt,
            RelaySchedule schedule,
            RelayBounces bounces,
            RelayEvents events,
            boolean usesPriority) {
        this.spool = dispatcher.spool();
        this.mails = dispatcher.mails();
        this.commits = dispatcher.commits();
        this.attempt = attempt;
        this.schedule = schedule;
        this.bounces = bounces;
        this.events = events;
        this.usesPriority = usesPriority;
    }

    /** One job: its mail, whose envelopes they are, and which attempt this is. */
    private record Job(MailImpl mail, RecipientClaims claims, Attempts attempts) {}

    /** @throws CommitFailedException if what came of it was not committed: the attempt is repeated later */
    void work(List<Claim> claims, BooleanSupplier isStopping) {
        Attempts attempts = attempts(claims).oneMore();
        Job job;
        try {
            job = open(claims, attempts);
        } catch (MessagingException | SpoolException | RuntimeException unreadable) {
            LOGGER.error(
                    "{}: the mail cannot be read; deferred",
                    claims.get(0).envelope().queueId(),
                    unreadable);
            deferAsTheyAre(claims, "4.3.0 The mail cannot be read: " + unreadable.getMessage());
            return;
        }
        try {
            work(job, isStopping);
        } finally {
            LifecycleUtil.dispose(job.mail());
        }
    }

    private Job open(List<Claim> claims, Attempts attempts) throws MessagingException, SpoolException {
        RecipientClaims byRecipient = RecipientClaims.of(claims);
        MailImpl mail = mails.mail(
                claims.stream().map(Claim::envelope).toList(),
                spool.content(claims.get(0).envelope().message()));
        mail.setRecipients(byRecipient.recipients());
        return new Job(mail, byRecipient, attempts);
    }

    private static Attempts attempts(List<Claim> claims) {
        int before = 0;
        Instant since = Instant.MAX;
        for (Claim claim : claims) {
            before = Math.max(before, claim.envelope().details().attempts());
            Instant created = claim.envelope().created();
            since = created.isBefore(since) ? created : since;
        }
        return new Attempts(before, since);
    }

    private void work(Job job, BooleanSupplier isStopping) {
        Map<MailAddress, Outcome> outcomes;
        String hop = "";
        Duration afterDeferral = AFTER_OUR_FAULT;
        boolean expires = false;
        try {
            RelayAttempt.Result result = attempt.make(job.mail(), job.attempts());
            outcomes = result.outcomes();
            hop = result.hop();
            Optional<Duration> next =
                    schedule.next(job.attempts().count(), job.attempts().age(spool.now()));
            expires = next.isEmpty();
            afterDeferral = next.orElse(AFTER_OUR_FAULT);
        } catch (Throwable fault) {
            if (isStop(fault, isStopping)) {
                job.claims().all().forEach(spool::release);
                return;
            }
            LOGGER.error(
                    "mail {}: delivery failed through a fault of ours; deferred",
                    job.mail().getName(),
                    fault);
            outcomes = ourFault(job.mail(), fault);
        }
        settle(
                job,
                expires ? expired(outcomes, job.attempts()) : outcomes,
                hop,
                spool.now().plus(afterDeferral));
    }

    private static boolean isStop(Throwable fault, BooleanSupplier isStopping) {
        if (fault instanceof InterruptedException) {
            Thread.currentThread().interrupt();
        }
        return isStopping.getAsBoolean() && Thread.currentThread().isInterrupted();
    }

    private static Map<MailAddress, Outcome> ourFault(Mail mail, Throwable fault) {
        Map<MailAddress, Outcome> outcomes = new LinkedHashMap<>();
        Outcome outcome = new Outcome.Deferred(OUR_FAULT, "4.3.0 Fault in our mail system: " + fault);
        mail.getRecipients().forEach(recipient -> outcomes.put(recipient, outcome));
        return outcomes;
    }

    private static Map<MailAddress, Outcome> expired(Map<MailAddress, Outcome> outcomes, Attempts attempts) {
        Map<MailAddress, Outcome> expired = new LinkedHashMap<>(outcomes);
        expired.replaceAll((recipient, outcome) -> outcome instanceof Outcome.Deferred
                ? new Outcome.Failed(
                        EXPIRED, "5.4.7 Given up after " + attempts.count() + " attempts: " + outcome.text())
                : outcome);
        return expired;
    }

    private void settle(Job job, Map<MailAddress, Outcome> outcomes, String hop, Instant next) {
        Mail mail = job.mail();
        Instant now = spool.now();
        outcomes.forEach((recipient, outcome) -> {
            if (outcome instanceof Outcome.Delivered) {
                // It is, whether the spool notes it or not.
                events.delivered(mail, recipient, outcome, hop, job.attempts(), now);
            }
        });
        commits.commit(() -> {
            Changes changes = new Changes().relaxed();
            outcomes.forEach((recipient, outcome) ->
                    job.claims().of(recipient).forEach(claim -> change(changes, claim, outcome, next)));
            return changes;
        });
        outcomes.forEach((recipient, outcome) -> {
            if (outcome instanceof Outcome.Deferred) {
                events.deferred(mail, recipient, outcome, job.attempts(), now, next);
            } else if (outcome instanceof Outcome.Failed) {
                String how = mail.getMaybeSender().isNullSender()
                        ? "null reverse-path: no bounce is due"
                        : "to the processor that bounces";
                events.bounced(mail, recipient, outcome, how, job.attempts(), now);
            }
        });
    }

    private void change(Changes changes, Claim claim, Outcome outcome, Instant next) {
        EnvelopeDetails details = claim.envelope().details();
        if (outcome instanceof Outcome.Deferred) {
            EnvelopeDetails waiting = details.deferred(next, outcome.text());
            changes.update(claim, usesPriority ? waiting.withPriority(LAST) : waiting);
        } else if (outcome instanceof Outcome.Delivered) {
            bounces.delivered(details)
                    .ifPresentOrElse(
                            further -> changes.update(claim, further),
                            () -> changes.remove(claim, Disposition.DELIVERED));
        } else if (details.reversePath().isEmpty()) {
            changes.remove(claim, Disposition.FAILED_SILENTLY);
        } else {
            changes.update(claim, failed(claim, outcome, next));
        }
    }

    private EnvelopeDetails failed(Claim claim, Outcome outcome, Instant next) {
        EnvelopeDetails details = claim.envelope().details();
        try {
            return bounces.failed(details, outcome);
        } catch (IllegalArgumentException tooMuch) {
            // Thrown on, it would keep what was delivered to the others from being committed: they would get it again.
            LOGGER.error(
                    "{}: the envelope has no room for why the delivery failed; deferred", details.queueId(), tooMuch);
            return details.deferred(next, outcome.text());
        }
    }

    private void deferAsTheyAre(List<Claim> claims, String reason) {
        Instant next = spool.now().plus(AFTER_OUR_FAULT);
        commits.commit(() -> {
            Changes changes = new Changes().relaxed();
            claims.forEach(
                    claim -> changes.update(claim, claim.envelope().details().deferred(next, reason)));
            return changes;
        });
    }
}
