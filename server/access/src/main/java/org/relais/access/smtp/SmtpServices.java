package org.relais.access.smtp;

import java.time.InstantSource;
import org.relais.model.QueueIdGenerator;
import org.relais.model.event.MailEvents;

/** What the sessions of receiving listeners need. */
public record SmtpServices(
        Recipients recipients,
        Authenticator authenticator,
        Intake intake,
        MailEvents events,
        QueueIdGenerator queueIds,
        InstantSource clock,
        Hooks hooks) {
    /** Without plug-ins. */
    public SmtpServices(
            Recipients recipients,
            Authenticator authenticator,
            Intake intake,
            MailEvents events,
            QueueIdGenerator queueIds,
            InstantSource clock) {
        this(recipients, authenticator, intake, events, queueIds, clock, Hooks.NONE);
    }

    /** The same, with the plug-ins of one listener. */
    public SmtpServices with(Hooks plugIns) {
        return new SmtpServices(recipients, authenticator, intake, events, queueIds, clock, plugIns);
    }
}
