package org.relais.journal;

import com.codahale.metrics.Counter;
import com.codahale.metrics.MetricRegistry;
import java.util.EnumMap;
import java.util.Map;
import org.relais.model.event.MailEvent;
import org.relais.model.event.MailEventKind;
import org.relais.model.event.MailEvents;

/**
 * Counts the events by kind ({@code relais.mail.received}, …), and those that concern forward-paths once for each.
 *
 * <p>No label carries an address, so the number of metrics is bounded. Safe for use by many threads.
 */
public final class CountedMailEvents implements MailEvents {
    private final Map<MailEventKind, Counter> events = new EnumMap<>(MailEventKind.class);
    private final Map<MailEventKind, Counter> forwardPaths = new EnumMap<>(MailEventKind.class);

    public CountedMailEvents(MetricRegistry registry) {
        for (MailEventKind kind : MailEventKind.values()) {
            events.put(kind, registry.counter("relais.mail." + kind.word()));
            forwardPaths.put(kind, registry.counter("relais.mail." + kind.word() + ".forwardpaths"));
        }
    }

    @Override
    public void record(MailEvent event) {
        counter(events, event).inc();
        counter(forwardPaths, event).inc(event.forwardPaths().size());
    }

    private static Counter counter(Map<MailEventKind, Counter> counters, MailEvent event) {
        Counter counter = counters.get(event.kind());
        if (counter == null) {
            throw new IllegalStateException("every kind has a counter: " + event.kind());
        }
        return counter;
    }
}
