package org.relais.spool.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.relais.spool.BrowseFilter;
import org.relais.spool.DamagedRecord;
import org.relais.spool.Envelope;
import org.relais.spool.EnvelopeId;
import org.relais.spool.Page;
import org.relais.spool.SpoolException;
import org.relais.spool.SpoolTime;

/**
 * Pages of envelopes. The index rules out what it can; the rest is read, at most {@value #MOST_READ} envelopes for a
 * page. The first page of a browse begins with what is known to be damaged. Safe for use by many threads.
 */
final class Browser {
    private static final int MOST_READ = 20_000;
    private static final int AT_ONCE = 1000;

    private final SpoolState state;
    private final SpoolReader reader;
    private final SpoolTime time;

    Browser(SpoolState state, SpoolReader reader, SpoolTime time) {
        this.state = state;
        this.reader = reader;
        this.time = time;
    }

    Page browse(BrowseFilter filter, Optional<EnvelopeId> after, int limit) throws SpoolException {
        if (limit < 1) {
            throw new IllegalArgumentException("limit must be positive, was " + limit);
        }
        List<Page.Entry> entries = new ArrayList<>();
        if (after.isEmpty()) {
            for (DamagedRecord damage : state.damages()) {
                entries.add(new Page.Entry.Corrupt(damage));
            }
        }
        long last = after.map(EnvelopeId::value).orElse(0L);
        int found = 0;
        int read = 0;
        while (true) {
            int wanted = Math.min(AT_ONCE, limit + 1);
            List<Long> candidates = candidates(filter, last, wanted);
            for (long id : candidates) {
                if (found == limit || read == MOST_READ) {
                    return new Page(entries, new EnvelopeId(last));
                }
                read++;
                Optional<Envelope> envelope = readable(id);
                if (envelope.isPresent() && filter.matches(envelope.get())) {
                    entries.add(new Page.Entry.Item(
                            envelope.get(), status(envelope.get().id())));
                    found++;
                }
                last = id;
            }
            if (candidates.size() < wanted) {
                return new Page(entries, null);
            }
        }
    }

    private Optional<Envelope> readable(long id) throws SpoolException {
        try {
            return reader.envelope(id);
        } catch (SpoolException.Damaged e) {
            return Optional.empty();
        }
    }

    private List<Long> candidates(BrowseFilter filter, long after, int count) {
        state.lock().lock();
        try {
            return state.index().candidates(filter, after, count);
        } finally {
            state.lock().unlock();
        }
    }

    private Page.Status status(EnvelopeId id) {
        state.lock().lock();
        try {
            return state.index().status(id, state.isHoldingAll(), time.millis());
        } finally {
            state.lock().unlock();
        }
    }
}
