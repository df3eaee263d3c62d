package org.relais.mailets.delivery;

import java.time.Instant;
import java.util.List;
import org.apache.james.core.MailAddress;
import org.apache.mailet.Mail;
import org.jspecify.annotations.Nullable;
import org.relais.chain.james.JamesMailEvents;
import org.relais.mailets.relay.Attempts;
import org.relais.mailets.relay.Outcome;
import org.relais.model.event.EventField;
import org.relais.model.event.MailEvent;
import org.relais.model.event.MailEventKind;
import org.relais.model.event.MailEvents;

/** Tells the event port about attempts and about each forward-path's fate. */
final class RelayEvents {
    private final MailEvents events;

    RelayEvents(MailEvents events) {
        this.events = events;
    }

    void queued(Mail mail, String queue) {
        events.record(JamesMailEvents.about(mail, MailEventKind.QUEUED)
                .with(EventField.REASON, "for delivery to other hosts, queue " + queue)
                .build());
    }

    /** {@code tls} null: the connection did not get so far. */
    void attempted(Mail mail, NextHop hop, String reply, @Nullable String tls, Attempts attempts, Instant now) {
        events.record(JamesMailEvents.about(mail, MailEventKind.ATTEMPTED)
                .with(EventField.NEXT_HOP, hop)
                .with(EventField.REPLY, reply)
                .with(EventField.TLS, tls)
                .with(EventField.ATTEMPT, attempts.count())
                .with(EventField.DELAY, attempts.age(now))
                .build());
    }

    /** {@code hop} is who took the mail. */
    void delivered(Mail mail, MailAddress recipient, Outcome outcome, String hop, Attempts attempts, Instant now) {
        events.record(fate(MailEventKind.DELIVERED, mail, recipient, outcome, attempts, now)
                .with(EventField.NEXT_HOP, hop)
                .build());
    }

    void deferred(Mail mail, MailAddress recipient, Outcome outcome, Attempts attempts, Instant now, Instant next) {
        events.record(fate(MailEventKind.DEFERRED, mail, recipient, outcome, attempts, now)
                .with(EventField.NEXT_ATTEMPT, next)
                .build());
    }

    void bounced(Mail mail, MailAddress recipient, Outcome outcome, String how, Attempts attempts, Instant now) {
        events.record(fate(MailEventKind.BOUNCED, mail, recipient, outcome, attempts, now)
                .with(EventField.REASON, how)
                .build());
    }

    private static MailEvent.Builder fate(
            MailEventKind kind, Mail mail, MailAddress recipient, Outcome outcome, Attempts attempts, Instant now) {
        return JamesMailEvents.about(mail, kind, List.of(recipient))
                .with(EventField.STATUS, outcome.status())
                .with(EventField.REPLY, outcome.text())
                .with(EventField.ATTEMPT, attempts.count())
                .with(EventField.DELAY, attempts.age(now));
    }
}
