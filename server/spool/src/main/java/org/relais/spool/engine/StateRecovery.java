package org.relais.spool.engine;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.relais.spool.DamagedRecord;
import org.relais.spool.Origin;
import org.relais.spool.index.EnvelopeEntry;
import org.relais.spool.index.MessageEntry;

/**
 * Brings the state back from what a store tells: a checkpoint if there is one, then the steps behind it. What makes no
 * sense, or belongs to a step with a damaged record, is told and left out as far as no mail is lost by it. For one
 * thread, before the spool starts.
 */
final class StateRecovery implements RecordStore.Listener {
    private final SpoolState state;
    private final UnreadableEnvelopes unreadable;
    private boolean hasCheckpoint;
    /** Envelopes up to this number are in the counts that were read last, if they ever came. */
    private long countedUpTo;

    private long latest;

    StateRecovery(SpoolState state) {
        this.state = state;
        this.unreadable = new UnreadableEnvelopes(state);
    }

    @Override
    public void checkpoint(CheckpointHead head) {
        hasCheckpoint = true;
        latest = Math.max(latest, head.time());
        state.restore(head);
        countedUpTo = head.lastId();
    }

    @Override
    public void message(MessageEntry entry) {
        state.index().putMessage(entry);
    }

    @Override
    public void envelope(EnvelopeEntry entry) {
        state.restore(entry);
    }

    @Override
    public void step(List<Record> records, boolean isWhole) {
        boolean makesSense = records.stream().allMatch(this::makesSense);
        List<Record> repeated = new ArrayList<>(records.size());
        for (Record record : records) {
            if (record.type() == Record.COUNTERS) {
                continueFrom(record);
            } else if (isRepeated(record, isWhole && makesSense)) {
                complete(record);
                repeated.add(record);
            }
            latest = Math.max(latest, timeOf(record));
        }
        state.repeat(repeated);
    }

    /** Counts what a damaged record would have counted: an envelope that is changed, or leaves, must have come. */
    private void complete(Record record) {
        if (record.type() == Record.EXIT) {
            if (!unreadable.left(record.id()) && isUncounted(record) && !record.has(Record.PURGED)) {
                state.count(counters -> counters.came(Origin.ACCEPTED));
            }
        } else if (record.type() == Record.ENVELOPE && !record.has(Record.CAME)) {
            if (!unreadable.isReadableAgain(record.id()) && isUncounted(record)) {
                Origin origin = EnvelopeCodec.decode(record.id(), record.body()).origin();
                state.count(counters -> counters.came(origin));
            }
        }
    }

    private boolean isUncounted(Record record) {
        return record.id() > countedUpTo && state.index().envelope(record.id()).isEmpty();
    }

    @Override
    public void damagedBody(Record record, DamagedRecord damage) {
        if (record.type() == Record.ENVELOPE) {
            unreadable.add(record);
        }
    }

    /** Of a step with a bad record nothing leaves: better done twice than lost. */
    private boolean isRepeated(Record record, boolean isGood) {
        return isGood || (record.type() != Record.EXIT && makesSense(record));
    }

    private boolean makesSense(Record record) {
        try {
            if (record.type() == Record.ENVELOPE) {
                EnvelopeCodec.decode(record.id(), record.body());
            } else if (record.type() == Record.EXIT) {
                EnvelopeCodec.disposition(record.body());
            } else if (record.type() == Record.ACKNOWLEDGED) {
                Acknowledgement.decode(record.body());
            }
            return true;
        } catch (IllegalArgumentException e) {
            damaged(new DamagedRecord("log", 0, "envelope " + record.id() + " makes no sense: " + e.getMessage()));
            return false;
        }
    }

    /** What a segment begins with was counted while all was readable: it is right whatever is damaged before. */
    private void continueFrom(Record record) {
        List<Long> values = new ArrayList<>();
        for (ByteBuffer in = ByteBuffer.wrap(record.body()); in.hasRemaining(); ) {
            values.add(in.getLong());
        }
        state.restoreCounters(values, record.has(Record.HOLDING));
        countedUpTo = state.lastId();
    }

    private long timeOf(Record record) {
        return switch (record.type()) {
            case Record.ENVELOPE -> EnvelopeCodec.written(record.body());
            case Record.EXIT -> EnvelopeCodec.exitTime(record.body());
            default -> 0;
        };
    }

    @Override
    public void damaged(DamagedRecord damage) {
        state.damaged(damage);
    }

    /** Ends the recovery. Returns the spool's time at its end. */
    Instant finish() {
        unreadable.setAside();
        state.tellDifference(hasCheckpoint);
        state.recovered();
        return Instant.ofEpochMilli(latest);
    }
}
