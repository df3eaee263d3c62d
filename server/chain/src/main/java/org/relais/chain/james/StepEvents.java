package org.relais.chain.james;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import org.apache.james.core.MailAddress;
import org.apache.mailet.Mail;
import org.apache.mailet.Mailet;
import org.jspecify.annotations.Nullable;
import org.relais.model.event.EventField;
import org.relais.model.event.MailEvent;
import org.relais.model.event.MailEventKind;
import org.relais.model.event.MailEvents;

/** Tells the event port what the steps of a chain did. */
final class StepEvents {
    /** What it means when one of these ends a mail; our others record what they do themselves. */
    private static final Map<String, MailEventKind> ENDS = Map.of(
            "org.apache.james.transport.mailets.Null", MailEventKind.DISCARDED,
            "org.apache.james.transport.mailets.Bounce", MailEventKind.BOUNCED,
            "org.relais.mailets.delivery.DSNBounce", MailEventKind.BOUNCED,
            "org.apache.james.transport.mailets.LocalDelivery", MailEventKind.DELIVERED,
            "org.apache.james.transport.mailets.RemoteDelivery", MailEventKind.QUEUED,
            "org.apache.james.transport.mailets.ToRepository", MailEventKind.QUARANTINED,
            "org.apache.james.transport.mailets.ToSenderDomainRepository", MailEventKind.QUARANTINED);

    private final MailEvents events;

    StepEvents(MailEvents events) {
        this.events = events;
    }

    void record(MailEvent event) {
        events.record(event);
    }

    void acted(Mail mail, Collection<MailAddress> recipients, LoadedProcessor processor, LoadedStep step, String how) {
        events.record(of(MailEventKind.ACTED, mail, recipients, processor, step)
                .with(EventField.REASON, how)
                .build());
    }

    /** A mailet ended the mail: by its class this says what that means, where the mailet does not say so itself. */
    void ended(Mail mail, Collection<MailAddress> recipients, LoadedProcessor processor, LoadedStep step) {
        endedBy(step.mailet())
                .ifPresent(kind -> events.record(of(kind, mail, recipients, processor, step)
                        .with(EventField.REPOSITORY, repository(kind, step.mailet()))
                        .with(EventField.REASON, "by " + step.plan().mailet() + " in processor " + processor.name())
                        .build()));
    }

    private static Optional<MailEventKind> endedBy(Mailet mailet) {
        String className = mailet.getClass().getName();
        MailEventKind kind = ENDS.get(className);
        if (kind == null
                && !className.startsWith("org.apache.james.")
                && !className.startsWith("org.relais.mailets.")) {
            return Optional.of(MailEventKind.DISCARDED);
        }
        return Optional.ofNullable(kind);
    }

    private static @Nullable String repository(MailEventKind kind, Mailet mailet) {
        return kind == MailEventKind.QUARANTINED ? mailet.getMailetConfig().getInitParameter("repositoryPath") : null;
    }

    private static MailEvent.Builder of(
            MailEventKind kind,
            Mail mail,
            Collection<MailAddress> recipients,
            LoadedProcessor processor,
            LoadedStep step) {
        return JamesMailEvents.about(mail, kind, recipients)
                .with(EventField.PROCESSOR, processor.name())
                .with(EventField.MATCHER, step.plan().matcher())
                .with(EventField.MAILET, step.plan().mailet());
    }
}
