package org.relais.spool.engine;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.relais.spool.DamagedRecord;
import org.relais.spool.index.EnvelopeEntry;
import org.relais.spool.index.MessageEntry;

/**
 * Brings the state back from what a store tells: a checkpoint if there is one, then the steps behind it. What makes no
 * sense, or belongs to a step with a damaged record, is told and left out as far as no mail is lost by it. For one
 * thread, before the spool starts.
 */
final class StateRecovery implements RecordStore.Listener {
    private final SpoolState state;
    private boolean hasCounters;
    private long latest;

    StateRecovery(SpoolState state) {
        this.state = state;
    }

    @Override
    public void checkpoint(CheckpointHead head) {
        hasCounters = true;
        latest = Math.max(latest, head.time());
        state.restore(head);
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
                start(record);
            } else if (isRepeated(record, isWhole && makesSense)) {
                repeated.add(record);
            }
            latest = Math.max(latest, timeOf(record));
        }
        state.repeat(repeated);
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
            }
            return true;
        } catch (IllegalArgumentException e) {
            damaged(new DamagedRecord("log", 0, "envelope " + record.id() + " makes no sense: " + e.getMessage()));
            return false;
        }
    }

    /** Without a checkpoint the counting starts with the first segment that is left. */
    private void start(Record record) {
        if (!hasCounters) {
            hasCounters = true;
            List<Long> values = new ArrayList<>();
            for (ByteBuffer in = ByteBuffer.wrap(record.body()); in.hasRemaining(); ) {
                values.add(in.getLong());
            }
            state.restoreCounters(values);
        }
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
        state.recovered();
        return Instant.ofEpochMilli(latest);
    }
}
