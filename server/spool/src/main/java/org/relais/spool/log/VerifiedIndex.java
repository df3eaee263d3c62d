package org.relais.spool.log;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Consumer;
import org.relais.spool.DamagedRecord;
import org.relais.spool.Envelope;
import org.relais.spool.engine.CheckpointHead;
import org.relais.spool.engine.EnvelopeCodec;
import org.relais.spool.engine.Record;
import org.relais.spool.engine.RecordStore;
import org.relais.spool.index.EnvelopeEntry;
import org.relais.spool.index.MessageEntry;
import org.relais.spool.index.SpoolIndex;

/** What a start would find, without starting. For one thread. */
final class VerifiedIndex implements RecordStore.Listener {
    private final Consumer<DamagedRecord> damages;
    private final SpoolIndex index = new SpoolIndex(new SpoolIndex.Garbage() {
        @Override
        public void envelope(long id, long location, int length) {}

        @Override
        public void message(MessageEntry entry) {}
    });

    VerifiedIndex(Consumer<DamagedRecord> damages) {
        this.damages = damages;
    }

    @Override
    public void checkpoint(CheckpointHead head) {
        // Damages that it knows are found again if they are still there.
    }

    @Override
    public void message(MessageEntry entry) {
        index.putMessage(entry);
    }

    @Override
    public void envelope(EnvelopeEntry entry) {
        require(entry.message());
        index.putEnvelope(entry);
    }

    @Override
    public void step(List<Record> records, boolean isWhole) {
        for (Record record : records) {
            int length = record.body().length;
            switch (record.type()) {
                case Record.MESSAGE ->
                    index.putMessage(new MessageEntry(record.id(), record.location(), length, length, false));
                case Record.LARGE_MESSAGE ->
                    index.putMessage(new MessageEntry(
                            record.id(),
                            record.location(),
                            length,
                            ByteBuffer.wrap(record.body()).getLong(),
                            true));
                case Record.ENVELOPE -> {
                    Envelope envelope = EnvelopeCodec.decode(record.id(), record.body());
                    require(envelope.message().value());
                    index.putEnvelope(EnvelopeEntry.of(envelope, record.location(), length));
                }
                case Record.EXIT -> {
                    if (isWhole) {
                        index.removeEnvelope(record.id());
                    }
                }
                default -> {
                    // Switches and counters hold no mail.
                }
            }
        }
    }

    private void require(long message) {
        if (index.message(message).isEmpty()) {
            index.putMessage(new MessageEntry(message, 0, 0, 0, false));
        }
    }

    @Override
    public void damaged(DamagedRecord damage) {
        damages.accept(damage);
    }

    SpoolIndex finish() {
        index.dropUnused(dropped -> {});
        return index;
    }
}
