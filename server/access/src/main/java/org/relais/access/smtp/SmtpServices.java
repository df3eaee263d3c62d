package org.relais.access.smtp;

import java.time.InstantSource;
import org.relais.model.QueueIdGenerator;
import org.relais.model.event.MailEvents;

/** What the sessions of all receiving listeners need. */
public record SmtpServices(
        Recipients recipients,
        Authenticator authenticator,
        Intake intake,
        MailEvents events,
        QueueIdGenerator queueIds,
        InstantSource clock) {}
