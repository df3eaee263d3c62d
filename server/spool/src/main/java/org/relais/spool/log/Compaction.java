package org.relais.spool.log;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.relais.spool.DamagedRecord;
import org.relais.spool.SpoolException;
import org.relais.spool.disk.DiskFullException;
import org.relais.spool.engine.RecordStore;
import org.relais.spool.engine.SpoolSettings;
import org.relais.spool.log.RecordFormat.Header;

/**
 * Copies what is live in the segment that holds least of it to a cold segment, a piece at a time so that the disk
 * stays free for mail. The copies are durable before the index points to them; the old segment goes with the next
 * checkpoint. What was moved once seldom lies beside short-lived mail again. For one thread.
 */
final class Compaction implements AutoCloseable {
    /** A run is about a quarter of a second's worth. */
    private static final int RUNS_A_SECOND = 4;

    private static final int BUFFER = 256 * 1024;

    private final SegmentLog log;
    private final RecordStore.Live live;
    private final SpoolSettings settings;
    private final byte[] buffer = new byte[BUFFER];
    private @Nullable Segment source;
    private int sourceOffset;
    private @Nullable SegmentWriter cold;
    /** The steps' numbers must come with the copies: a recovery without checkpoint goes by them. */
    private final List<Move> moves = new ArrayList<>();

    private record Move(byte type, long id, long from, long to, int length) {}

    Compaction(SegmentLog log, RecordStore.Live live, SpoolSettings settings) {
        this.log = log;
        this.live = live;
        this.settings = settings;
    }

    boolean isWriting(Segment segment) {
        SegmentWriter writer = cold;
        return writer != null && writer.segment() == segment;
    }

    /** Copies one piece. */
    void run() throws SpoolException {
        Segment from = source;
        if (from == null || from.isDamaged() || !log.segments().containsKey(from.number())) {
            from = emptiest();
            sourceOffset = Segment.HEADER;
        }
        source = from;
        if (from == null) {
            return;
        }
        try {
            copy(from);
        } catch (DiskFullException e) {
            abandon();
            throw new SpoolException.Full(String.valueOf(e.getMessage()), e);
        } catch (IOException e) {
            throw new SpoolException.Broken("the compaction of " + from.path() + " failed", e);
        }
    }

    private @Nullable Segment emptiest() {
        Segment best = null;
        for (Segment segment : log.segments().values()) {
            if (segment.live() > 0 && !segment.isDamaged() && log.isSealed(segment, log.position())) {
                if (best == null || share(segment) < share(best)) {
                    best = segment;
                }
            }
        }
        return best;
    }

    private static double share(Segment segment) {
        return (double) segment.live() / segment.size();
    }

    private void copy(Segment from) throws IOException, SpoolException {
        SegmentWriter writer = writer();
        long budget = Math.max(1, settings.compactionRate() / RUNS_A_SECOND);
        Copier copier = new Copier(from, writer, writer.position() + budget);
        int stopped = sourceOffset;
        try (SegmentScanner scanner = new SegmentScanner(from, sourceOffset)) {
            stopped = scanner.scan(copier);
        } catch (IOException e) {
            // A bad sector is no reason to stop: what can be read of the segment is read where it is.
            copier.damaged(new DamagedRecord(from.name(), sourceOffset, "cannot be read: " + e.getMessage()));
        }
        if (copier.failure != null) {
            throw copier.failure;
        }
        if (!moves.isEmpty()) {
            writer.flush();
            writer.sync();
            for (Move move : moves) {
                if (live.moved(move.type(), move.id(), move.from(), move.to())) {
                    writer.segment().addLive(RecordFormat.footprint(move.length()));
                }
            }
            moves.clear();
        }
        boolean isDone = stopped >= from.size() || from.isDamaged();
        source = isDone ? null : from;
        sourceOffset = stopped;
    }

    private SegmentWriter writer() throws IOException {
        SegmentWriter writer = cold;
        if (writer != null && writer.position() >= settings.segmentBytes()) {
            cold = null;
            writer.close();
            writer = null;
        }
        if (writer == null) {
            writer = log.beginCold(buffer);
            cold = writer;
        }
        return writer;
    }

    /** The disk is full in the middle of a piece: the next one goes to a new segment, when there is room. */
    private void abandon() {
        moves.clear();
        SegmentWriter writer = cold;
        cold = null;
        if (writer != null) {
            try {
                writer.close();
            } catch (IOException e) {
                live.damaged(new DamagedRecord(writer.segment().name(), 0, "cannot be closed: " + e.getMessage()));
            }
        }
    }

    @Override
    public void close() throws IOException {
        if (cold != null) {
            cold.close();
        }
    }

    private final class Copier implements SegmentScanner.Visitor {
        private final Segment from;
        private final SegmentWriter writer;
        private final long end;
        private @Nullable IOException failure;

        Copier(Segment from, SegmentWriter writer, long end) {
            this.from = from;
            this.writer = writer;
            this.end = end;
        }

        @Override
        public boolean record(Header header, byte[] body, int offset) {
            long location = from.location(offset);
            if (SegmentLog.isContent(header.type()) && live.isLive(header.type(), header.id(), location)) {
                Header copy = new Header(
                        header.type(),
                        RecordFormat.FIRST | RecordFormat.LAST,
                        header.length(),
                        header.checksum(),
                        header.step(),
                        header.id());
                try {
                    long to = writer.segment().location(writer.add(copy, body));
                    moves.add(new Move(header.type(), header.id(), location, to, header.length()));
                } catch (IOException e) {
                    failure = e;
                    return false;
                }
            }
            return writer.position() < end;
        }

        @Override
        public void damaged(DamagedRecord damage) {
            from.markDamaged();
            live.damaged(damage);
        }

        @Override
        public void torn(int offset, long bytes) {
            // Told at the start that followed the crash.
        }
    }
}
