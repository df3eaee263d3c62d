package org.relais.mailets.delivery;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.mail.MessagingException;
import org.apache.james.core.MailAddress;
import org.apache.james.queue.api.MailPrioritySupport;
import org.apache.james.queue.api.MailQueue;
import org.apache.james.queue.api.MailQueue.MailQueueException;
import org.apache.james.queue.api.MailQueue.MailQueueItem;
import org.apache.james.queue.api.MailQueue.MailQueueItem.CompletionStatus;
import org.apache.mailet.Mail;
import org.relais.chain.james.MailCopies;
import org.relais.mailets.relay.Attempts;
import org.relais.mailets.relay.Outcome;
import org.relais.mailets.relay.RelaySchedule;
import org.relais.model.EnhancedStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes an attempt at a mail of the delivery queue and settles what came of it, recipient by recipient.
 *
 * <p>The mail leaves the queue only when each recipient is delivered, bounced or queued again; its recipients shrink as
 * they are settled, so that whatever breaks in between repeats none of them. An exception is a fault of ours: it defers,
 * however long the mail has waited, and never bounces.
 */
final class RelayWorker {
    private static final Logger LOGGER = LoggerFactory.getLogger(RelayWorker.class);
    private static final EnhancedStatus OUR_FAULT = new EnhancedStatus(4, 3, 0);
    private static final EnhancedStatus EXPIRED = new EnhancedStatus(5, 4, 7);
    private static final Duration AFTER_OUR_FAULT = Duration.ofMinutes(15);

    private final MailQueue queue;
    private final RelayAttempt attempt;
    private final RelaySchedule schedule;
    private final RelayBounces bounces;
    private final RelayEvents events;
    private final InstantSource clock;
    private final boolean usesPriority;

    RelayWorker(
            MailQueue queue,
            RelayAttempt attempt,
            RelaySchedule schedule,
            RelayBounces bounces,
            RelayEvents events,
            InstantSource clock,
            boolean usesPriority) {
        this.queue = queue;
        this.attempt = attempt;
        this.schedule = schedule;
        this.bounces = bounces;
        this.events = events;
        this.clock = clock;
        this.usesPriority = usesPriority;
    }

    void work(MailQueueItem item) {
        Mail mail = item.getMail();
        Attempts attempts = AttemptsOfMail.read(mail, clock.instant()).oneMore();
        try {
            if (!mail.getRecipients().isEmpty()) {
                RelayAttempt.Result result = attempt.make(mail, attempts);
                settle(mail, result, attempts);
            }
        } catch (Throwable fault) {
            LOGGER.error("mail {}: delivery failed through a fault of ours; deferred", mail.getName(), fault);
            deferAfterFault(item, mail, attempts, fault);
            return;
        }
        done(item, mail, CompletionStatus.SUCCESS);
    }

    private void settle(Mail mail, RelayAttempt.Result result, Attempts attempts) throws MessagingException {
        Instant now = clock.instant();
        List<MailAddress> delivered = new ArrayList<>();
        Map<Outcome, List<MailAddress>> failed = new LinkedHashMap<>();
        Map<MailAddress, Outcome> deferred = new LinkedHashMap<>();
        result.outcomes().forEach((recipient, outcome) -> {
            if (outcome instanceof Outcome.Delivered) {
                delivered.add(recipient);
                events.delivered(mail, recipient, outcome, result.hop(), attempts, now);
            } else if (outcome instanceof Outcome.Failed) {
                failed.computeIfAbsent(outcome, any -> new ArrayList<>()).add(recipient);
            } else {
                deferred.put(recipient, outcome);
            }
        });
        settled(mail, delivered);
        if (!delivered.isEmpty()) {
            succeeded(mail, delivered);
        }
        for (Map.Entry<Outcome, List<MailAddress>> group : failed.entrySet()) {
            bounce(mail, group.getValue(), group.getKey(), attempts);
        }
        Optional<Duration> delay = schedule.next(attempts.count(), attempts.age(now));
        if (delay.isPresent()) {
            defer(mail, deferred, attempts, delay.get());
        } else {
            expire(mail, deferred, attempts);
        }
    }

    /** Not worth another delivery when it fails: the recipients have the mail. */
    private void succeeded(Mail mail, List<MailAddress> delivered) {
        try {
            bounces.succeeded(mail, delivered);
        } catch (MessagingException | RuntimeException e) {
            LOGGER.error("mail {}: delivered, but the processor onSuccess did not get it", mail.getName(), e);
        }
    }

    private void bounce(Mail mail, List<MailAddress> recipients, Outcome outcome, Attempts attempts)
            throws MessagingException {
        String how;
        if (mail.getMaybeSender().isNullSender()) {
            how = "null reverse-path: no bounce is due";
        } else {
            bounces.bounce(mail, recipients, outcome);
            how = "to the processor that bounces";
        }
        Instant now = clock.instant();
        for (MailAddress recipient : recipients) {
            events.bounced(mail, recipient, outcome, how, attempts, now);
        }
        settled(mail, recipients);
    }

    private void expire(Mail mail, Map<MailAddress, Outcome> deferred, Attempts attempts) throws MessagingException {
        Map<Outcome, List<MailAddress>> expired = new LinkedHashMap<>();
        deferred.forEach((recipient, outcome) -> expired.computeIfAbsent(
                        new Outcome.Failed(
                                EXPIRED, "5.4.7 Given up after " + attempts.count() + " attempts: " + outcome.text()),
                        any -> new ArrayList<>())
                .add(recipient));
        for (Map.Entry<Outcome, List<MailAddress>> group : expired.entrySet()) {
            bounce(mail, group.getValue(), group.getKey(), attempts);
        }
    }

    private void defer(Mail mail, Map<MailAddress, Outcome> deferred, Attempts attempts, Duration delay)
            throws MailQueueException {
        if (deferred.isEmpty()) {
            return;
        }
        AttemptsOfMail.write(mail, attempts);
        if (usesPriority) {
            mail.setAttribute(MailPrioritySupport.LOW_PRIORITY_ATTRIBUTE);
        }
        queue.enQueue(mail, delay);
        Instant now = clock.instant();
        deferred.forEach(
                (recipient, outcome) -> events.deferred(mail, recipient, outcome, attempts, now, now.plus(delay)));
    }

    private void deferAfterFault(MailQueueItem item, Mail mail, Attempts attempts, Throwable fault) {
        if (fault instanceof InterruptedException) {
            Thread.currentThread().interrupt();
        }
        Outcome outcome = new Outcome.Deferred(OUR_FAULT, "4.3.0 Fault in our mail system: " + fault);
        Map<MailAddress, Outcome> all = new LinkedHashMap<>();
        mail.getRecipients().forEach(recipient -> all.put(recipient, outcome));
        try {
            defer(mail, all, attempts, AFTER_OUR_FAULT);
        } catch (MailQueueException | RuntimeException e) {
            LOGGER.error("mail {}: the queue does not take it back with a delay", mail.getName(), e);
            done(item, mail, CompletionStatus.RETRY);
            return;
        }
        done(item, mail, CompletionStatus.SUCCESS);
    }

    private static void settled(Mail mail, List<MailAddress> recipients) {
        List<MailAddress> left = new ArrayList<>(mail.getRecipients());
        left.removeAll(recipients);
        mail.setRecipients(left);
    }

    private static void done(MailQueueItem item, Mail mail, CompletionStatus status) {
        try {
            item.done(status);
        } catch (MailQueueException e) {
            LOGGER.error("mail {}: the delivery queue did not note {}", mail.getName(), status, e);
        }
        if (status == CompletionStatus.SUCCESS) {
            MailCopies.dispose(mail);
        }
    }
}
