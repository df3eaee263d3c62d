package org.relais.journal;

import java.util.List;
import org.relais.model.event.MailEvent;
import org.relais.model.event.MailEvents;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Passes each event to several recorders; a defect in one is logged and neither stops the others nor the mail. */
public final class AllMailEvents implements MailEvents {
    private static final Logger LOGGER = LoggerFactory.getLogger(AllMailEvents.class);

    private final List<MailEvents> recorders;

    public AllMailEvents(List<MailEvents> recorders) {
        this.recorders = List.copyOf(recorders);
    }

    @Override
    public void record(MailEvent event) {
        for (MailEvents recorder : recorders) {
            try {
                recorder.record(event);
            } catch (RuntimeException e) { // the boundary of the event port: a mail never suffers from its record
                LOGGER.error("an event could not be recorded: {}", event, e);
            }
        }
    }
}
