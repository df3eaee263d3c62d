package org.relais.spool.log;

import java.util.ArrayList;
import java.util.List;
import org.relais.spool.engine.Record;
import org.relais.spool.engine.RecordStore;
import org.relais.spool.log.RecordFormat.Header;

/**
 * Puts the records of one segment together to steps again. A step whose end is missing at the segment's end was never
 * acknowledged and is dropped; one with a damaged record is told as not whole. For one thread.
 */
final class StepAssembler {
    private final RecordStore.Listener listener;
    private List<Record> records = new ArrayList<>();
    private long step = -1;
    private boolean isWhole = true;
    private boolean isBehindDamage;

    StepAssembler(RecordStore.Listener listener) {
        this.listener = listener;
    }

    void record(Header header, Record record) {
        if (header.step() != step) {
            if (!records.isEmpty()) {
                // Its last record is damaged: that is why another step follows.
                tell(false);
            }
            step = header.step();
            isWhole = header.is(RecordFormat.FIRST);
        }
        isWhole &= !isBehindDamage || header.is(RecordFormat.FIRST);
        isBehindDamage = false;
        records.add(record);
        if (header.is(RecordFormat.LAST)) {
            tell(isWhole);
        }
    }

    void damaged() {
        isBehindDamage = true;
    }

    /** The segment is over. */
    void end() {
        if (!records.isEmpty() && isBehindDamage) {
            tell(false);
        }
        records = new ArrayList<>();
        step = -1;
        isBehindDamage = false;
    }

    private void tell(boolean whole) {
        listener.step(records, whole);
        records = new ArrayList<>();
        step = -1;
    }
}
