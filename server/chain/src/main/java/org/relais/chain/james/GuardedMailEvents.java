package org.relais.chain.james;

import org.relais.model.event.MailEvent;
import org.relais.model.event.MailEvents;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a fault of the event port away from the mail: after a mailet acted, an exception of the recorder would make the
 * chain act again.
 */
public final class GuardedMailEvents implements MailEvents {
    private static final Logger LOGGER = LoggerFactory.getLogger(GuardedMailEvents.class);

    private final MailEvents events;

    public GuardedMailEvents(MailEvents events) {
        this.events = events;
    }

    @Override
    public void record(MailEvent event) {
        try {
            events.record(event);
        } catch (RuntimeException e) {
            LOGGER.error("could not be recorded: {}", event, e);
        }
    }
}
