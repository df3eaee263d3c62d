package org.relais.chain.james;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import javax.mail.MessagingException;
import org.apache.james.queue.api.MailQueue;
import org.apache.mailet.Mail;
import org.relais.chain.retry.Failures;
import org.relais.chain.retry.RetrySchedule;
import org.relais.model.EnhancedStatus;
import org.relais.model.event.EventField;
import org.relais.model.event.MailEventKind;
import org.relais.model.event.MailEvents;

/** Puts deferred mails back into the spool, each with the delay that its failures have earned. */
final class SpoolReturn {
    /** Other or undefined mail system status, transient (RFC 3463 §3.4): a fault of ours. */
    private static final EnhancedStatus OUR_FAULT = new EnhancedStatus(4, 3, 0);

    private final MailQueue spool;
    private final RetrySchedule schedule;
    private final InstantSource clock;
    private final MailEvents events;

    SpoolReturn(MailQueue spool, RetrySchedule schedule, InstantSource clock, MailEvents events) {
        this.spool = spool;
        this.schedule = schedule;
        this.clock = clock;
        this.events = events;
    }

    Instant now() {
        return clock.instant();
    }

    boolean isExpired(Failures failures) {
        return schedule.isExpired(failures, now());
    }

    /** Returns only when the spool has taken the mail. */
    void defer(Mail mail, Deferral deferral, String reason) throws MessagingException {
        Duration delay = schedule.delayAfter(deferral.failures().count());
        deferral.writeTo(mail);
        spool.enQueue(mail, delay);
        events.record(JamesMailEvents.about(mail, MailEventKind.DEFERRED)
                .with(EventField.PROCESSOR, deferral.position().processor())
                .with(EventField.STATUS, OUR_FAULT)
                .with(EventField.ATTEMPT, deferral.failures().count())
                .with(EventField.NEXT_ATTEMPT, now().plus(delay))
                .with(EventField.REASON, reason)
                .build());
    }
}
