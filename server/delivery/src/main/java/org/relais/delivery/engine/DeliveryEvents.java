package org.relais.delivery.engine;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.relais.delivery.Outcome;
import org.relais.model.Reply;
import org.relais.model.event.EventField;
import org.relais.model.event.MailEvent;
import org.relais.model.event.MailEventKind;
import org.relais.model.event.MailEvents;
import org.relais.smtpclient.Endpoint;
import org.relais.smtpclient.SessionInfo;
import org.relais.smtpclient.TransactionResult;
import org.relais.spool.Claim;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the event port about attempts and about each forward-path's fate. A fault of the port is kept away from the
 * mail. Safe for use by many threads.
 */
final class DeliveryEvents {
    private static final Logger LOGGER = LoggerFactory.getLogger(DeliveryEvents.class);

    private final MailEvents events;

    DeliveryEvents(MailEvents events) {
        this.events = events;
    }

    /** A content that was altered is never sent without a word about it. */
    void attempted(Job job, Endpoint hop, String reply, ConvertingSender.Sent sent, Instant now) {
        record(about(MailEventKind.ATTEMPTED, job, paths(job), now)
                .with(EventField.NEXT_HOP, hop)
                .with(EventField.REPLY, reply)
                .with(EventField.TLS, tls(sent.result().session()))
                .with(EventField.REASON, sent.isConverted() ? "converted to 7bit for " + hop : null)
                .detail(!sent.isConverted() && isTaken(sent.result())));
    }

    /** Each forward-path has an event of its own then, which says as much. */
    private static boolean isTaken(TransactionResult result) {
        return result instanceof TransactionResult.Answered answered
                && answered.replies().stream().allMatch(Reply::isPositive);
    }

    private static @Nullable String tls(SessionInfo session) {
        String text = session.text();
        return text.isEmpty() ? null : text;
    }

    void delivered(Job job, Claim claim, Outcome outcome, AttemptResult by, Instant now) {
        record(fate(MailEventKind.DELIVERED, job, claim, outcome, now)
                .with(EventField.NEXT_HOP, by.hop())
                .with(EventField.TLS, tls(by.session())));
    }

    void deferred(Job job, Claim claim, Outcome outcome, Instant now, Instant next) {
        record(fate(MailEventKind.DEFERRED, job, claim, outcome, now).with(EventField.NEXT_ATTEMPT, next));
    }

    void bounced(Job job, Claim claim, Outcome outcome, String how, Instant now) {
        record(fate(MailEventKind.BOUNCED, job, claim, outcome, now).with(EventField.REASON, how));
    }

    private static MailEvent.Builder fate(MailEventKind kind, Job job, Claim claim, Outcome outcome, Instant now) {
        return about(kind, job, List.of(claim.envelope().details().forwardPath()), now)
                .with(EventField.STATUS, outcome.status())
                .with(EventField.REPLY, outcome.text());
    }

    private static MailEvent.Builder about(MailEventKind kind, Job job, List<String> forwardPaths, Instant now) {
        return MailEvent.of(kind)
                .queueId(job.details().queueId())
                .reversePath(job.details().reversePath())
                .forwardPaths(forwardPaths)
                .with(EventField.ATTEMPT, job.attempts() + 1)
                .with(EventField.DELAY, job.age(now));
    }

    private static List<String> paths(Job job) {
        return job.claims().stream()
                .map(claim -> claim.envelope().details().forwardPath())
                .toList();
    }

    private void record(MailEvent.Builder event) {
        MailEvent built = event.build();
        try {
            events.record(built);
        } catch (RuntimeException e) {
            LOGGER.error("could not be recorded: {}", built, e);
        }
    }
}
