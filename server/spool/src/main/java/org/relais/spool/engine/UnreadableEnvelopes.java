package org.relais.spool.engine;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import org.relais.model.QueueId;
import org.relais.spool.Origin;
import org.relais.spool.index.EnvelopeEntry;

/**
 * The envelopes that a recovery knows by a damaged record alone. They came, so they are counted, and they are in the
 * spool until an operator acknowledges the damage: nobody gets them, but their message stays and their number is told.
 * For one thread.
 */
final class UnreadableEnvelopes {
    private static final int MOST = 100_000;

    private final SpoolState state;
    private final Map<Long, Record> records = new HashMap<>();

    UnreadableEnvelopes(SpoolState state) {
        this.state = state;
    }

    void add(Record damaged) {
        if (damaged.has(Record.CAME)) {
            Origin origin = EnvelopeCodec.originInDamaged(damaged.body());
            state.count(counters -> counters.came(origin));
        }
        if (records.size() < MOST) {
            records.put(damaged.id(), damaged);
        }
    }

    /** A later record has all of it. True if it was one of these. */
    boolean isReadableAgain(long id) {
        return records.remove(id) != null;
    }

    /** It left. True if it was one of these. */
    boolean left(long id) {
        return records.remove(id) != null;
    }

    /** At the end: takes those that nothing better is known of into the index, marked as unreadable. */
    void setAside() {
        for (Record record : records.values()) {
            if (state.index().envelope(record.id()).isEmpty()) {
                state.restore(entry(record));
                state.index().setAside(record.id());
            }
        }
    }

    private EnvelopeEntry entry(Record record) {
        long named = EnvelopeCodec.messageInDamaged(record.body());
        OptionalLong message = state.index().message(named).isPresent() ? OptionalLong.of(named) : OptionalLong.empty();
        int queueHash = EnvelopeCodec.queueIdInDamaged(record.body())
                .map(QueueId::value)
                .map(String::hashCode)
                .orElse(0);
        return new EnvelopeEntry(
                record.id(),
                // Envelopes and messages are numbered from one sequence: its own number is no message's.
                message.orElse(record.id()),
                record.location(),
                record.body().length,
                0,
                0,
                queueHash,
                0,
                0,
                (byte) 0,
                (byte) 0);
    }
}
