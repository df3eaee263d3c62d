package org.relais.spool.log;

import java.io.IOException;
import org.relais.spool.SpoolException;
import org.relais.spool.engine.RecordStore;
import org.relais.spool.engine.SpoolSettings;

/**
 * Decides when to write a checkpoint and when to compact: so that the next start reads at most about four times the
 * checkpoint's size, and the log is at most about twice as large as what is live in it, plus four segments. Writing a
 * checkpoint costs its size; so the more there is, the rarer it is written. For one thread.
 */
final class Housekeeping implements AutoCloseable {
    private static final int CHECKPOINTS_WORTH = 4;
    private static final int SPARE_SEGMENTS = 4;

    private final SegmentLog log;
    private final SpoolSettings settings;
    private final Compaction compaction;
    private long checkpointBytes;
    private long checkpointPosition;

    Housekeeping(SegmentLog log, RecordStore.Live live, SpoolSettings settings, SegmentLog.Written last) {
        this.log = log;
        this.settings = settings;
        this.compaction = new Compaction(log, live, settings);
        this.checkpointBytes = last.size();
        this.checkpointPosition = last.position();
    }

    void run() throws SpoolException {
        long dead = 0;
        long behind = 0;
        long total = 0;
        long live = 0;
        for (Segment segment : log.segments().values()) {
            if (segment.isDamaged()) {
                continue;
            }
            boolean isDead = segment.live() == 0 && log.isSealed(segment, log.position());
            if (isDead) {
                dead += segment.size();
            } else {
                total += segment.size();
                live += segment.live();
            }
            if (!segment.isCold() && segment.number() >= Segment.numberOf(checkpointPosition)) {
                behind += segment.size();
            }
        }
        behind -= Segment.offsetOf(checkpointPosition);
        long worth = Math.max(settings.segmentBytes(), CHECKPOINTS_WORTH * checkpointBytes);
        if (dead >= Math.max(settings.segmentBytes(), checkpointBytes) || behind >= worth) {
            checkpoint();
        }
        if (total > 2 * live + (long) SPARE_SEGMENTS * settings.segmentBytes()) {
            compaction.run();
        }
    }

    void checkpoint() throws SpoolException {
        SegmentLog.Written written = log.writeCheckpoint();
        checkpointBytes = written.size();
        checkpointPosition = written.position();
    }

    /** Whether that segment is still being written by the compaction. */
    boolean isWriting(Segment segment) {
        return compaction.isWriting(segment);
    }

    @Override
    public void close() throws IOException {
        compaction.close();
    }
}
