package org.relais.spool.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.relais.spool.SpoolException;
import org.relais.spool.disk.Disk;
import org.relais.spool.disk.DiskFullException;
import org.relais.spool.engine.CheckpointHead;
import org.relais.spool.engine.Record;
import org.relais.spool.engine.RecordStore;
import org.relais.spool.engine.SpoolSettings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The record store: an append-only log. New records go to the end of the hot segment; a removal is a record too, so
 * that nothing is ever written over. Segments in which nothing is live are deleted once a checkpoint is durable that
 * does not need them; of those in which little is live the {@link Compaction} moves the rest to cold segments, so that
 * a mail that waits for days does not keep 64 MiB of delivered ones.
 *
 * <p>Every start begins a new hot segment: nothing is written behind a torn end.
 */
final class SegmentLog implements RecordStore {
    private static final Logger LOGGER = LoggerFactory.getLogger(SegmentLog.class);
    private static final int BUFFER = 512 * 1024;
    /** Of a segment's size, the part that is set aside. */
    private static final int RESERVE_SHARE = 8;

    private final SpoolSettings settings;
    private final SpoolDirectory directory;
    private final Disk disk;
    private final SecureRandom random = new SecureRandom();
    private final NavigableMap<Integer, Segment> segments = new ConcurrentSkipListMap<>();
    private final SegmentReaders readers = new SegmentReaders();
    private final AtomicInteger lastNumber = new AtomicInteger();
    private final AtomicLong syncs = new AtomicLong();
    private final byte[] buffer = new byte[BUFFER];
    private final Reserve reserve;
    private @Nullable SegmentWriter hot;
    private @Nullable Housekeeping housekeeping;
    private @Nullable Live live;
    private volatile long lastStep;
    private volatile long position;
    private boolean isUnsynced;

    SegmentLog(SpoolSettings settings, SpoolDirectory directory, Disk disk) {
        this.settings = settings;
        this.directory = directory;
        this.disk = disk;
        this.reserve = new Reserve(disk, directory.root(), settings.segmentBytes() / RESERVE_SHARE);
    }

    @Override
    public void recover(Listener listener, Live engine) throws SpoolException {
        live = engine;
        try {
            LogRecovery.Result result = new LogRecovery(directory.root(), segments, listener, true).run();
            syncWhatWasRecovered();
            lastStep = result.lastStep();
            lastNumber.set(highestNumber(result.checkpoint().position()));
            position = (long) (lastNumber.get() + 1) << 32;
            housekeeping = new Housekeeping(this, engine, settings, result.checkpoint());
        } catch (IOException e) {
            throw new SpoolException.Unusable("cannot read the spool: " + e, e);
        }
    }

    /**
     * A killed process leaves a tail that the system holds and the disk perhaps not. It was read, so it counts: what
     * follows builds on it, and must not outlive it in a power cut. All segments before the last were synced by whoever
     * went on to the next.
     */
    private void syncWhatWasRecovered() throws IOException {
        for (Segment segment : segments.descendingMap().values()) {
            if (!segment.isCold()) {
                disk.sync(segment.path());
                return;
            }
        }
    }

    /**
     * The last segments may have been given back. Their numbers must not come again: a recovery skips what lies before
     * the checkpoint's position.
     */
    private int highestNumber(long checkpointPosition) throws IOException {
        int known = Segment.numberOf(checkpointPosition);
        // By their names: a segment whose headers are damaged is not among those that were opened, but there.
        for (Path file : SpoolDirectory.segments(directory.root())) {
            known = Math.max(known, Segment.numberOf(file));
        }
        return segments.isEmpty() ? known : Math.max(known, segments.lastKey());
    }

    @Override
    public void retain(long location, int length) {
        Segment segment = segments.get(Segment.numberOf(location));
        if (segment != null) {
            segment.addLive(RecordFormat.footprint(length));
        }
    }

    // ------------------------------------------------------------------ append

    @Override
    public void append(List<List<Record>> steps, boolean sync) throws SpoolException {
        SegmentWriter writer = writer();
        int start = writer.position();
        try {
            for (List<Record> step : steps) {
                add(writer, step);
            }
            writer.flush();
        } catch (DiskFullException e) {
            undo(writer, start);
            throw new SpoolException.Full(String.valueOf(e.getMessage()), e);
        } catch (IOException e) {
            throw new SpoolException.Broken("a write to " + writer.segment().path() + " failed", e);
        }
        isUnsynced = true;
        if (sync) {
            sync();
        }
        writer.segment().addLive(steps.stream().mapToLong(SegmentLog::liveBytes).sum());
        position = writer.segment().location(writer.position());
    }

    private void add(SegmentWriter writer, List<Record> step) throws IOException {
        lastStep = lastStep + 1;
        for (int i = 0; i < step.size(); i++) {
            Record record = step.get(i);
            int flags =
                    record.flags() | (i == 0 ? RecordFormat.FIRST : 0) | (i == step.size() - 1 ? RecordFormat.LAST : 0);
            record.placeAt(writer.segment().location(writer.add(record, flags, lastStep)));
        }
    }

    private static long liveBytes(List<Record> step) {
        long bytes = 0;
        for (Record record : step) {
            if (isContent(record.type())) {
                bytes += RecordFormat.footprint(record.body().length);
            }
        }
        return bytes;
    }

    static boolean isContent(byte type) {
        return type == Record.MESSAGE || type == Record.LARGE_MESSAGE || type == Record.ENVELOPE;
    }

    private static void undo(SegmentWriter writer, int start) throws SpoolException.Broken {
        try {
            writer.truncate(start);
        } catch (IOException e) {
            throw new SpoolException.Broken("cannot undo a write for which the disk had no room", e);
        }
    }

    /** The hot segment's writer; a new one if there is none or it is full. */
    private SegmentWriter writer() throws SpoolException {
        SegmentWriter writer = hot;
        if (writer != null && writer.position() < settings.segmentBytes()) {
            return writer;
        }
        sync();
        SegmentWriter next = begin();
        segments.put(next.segment().number(), next.segment());
        hot = next;
        if (writer != null) {
            try {
                writer.close();
            } catch (IOException e) {
                throw new SpoolException.Broken("cannot close a segment", e);
            }
        }
        return next;
    }

    private SegmentWriter begin() throws SpoolException {
        SegmentWriter next = null;
        try {
            next = SegmentWriter.create(disk, SpoolDirectory.log(directory.root()), newSegment(false), buffer);
            lastStep = lastStep + 1;
            Record counters = counters();
            next.add(counters, counters.flags() | RecordFormat.FIRST | RecordFormat.LAST, lastStep);
            next.flush();
            return next;
        } catch (DiskFullException e) {
            SpoolException.Full full = new SpoolException.Full(String.valueOf(e.getMessage()), e);
            if (next != null) {
                discard(next, full);
            }
            throw full;
        } catch (IOException e) {
            throw new SpoolException.Broken("cannot begin a new segment", e);
        }
    }

    private void discard(SegmentWriter begun, SpoolException reason) {
        try {
            begun.discard(disk);
        } catch (IOException e) {
            reason.addSuppressed(e);
        }
    }

    private Record counters() {
        CheckpointHead head = engine().head();
        List<Long> values = head.counters();
        ByteBuffer body = ByteBuffer.allocate(values.size() * 8);
        values.forEach(body::putLong);
        return new Record(Record.COUNTERS, head.isHoldingAll() ? Record.HOLDING : 0, 0, body.array());
    }

    private Segment newSegment(boolean isCold) {
        int number = lastNumber.incrementAndGet();
        Path path = Segment.path(SpoolDirectory.log(directory.root()), number);
        return new Segment(path, number, isCold, random.nextLong());
    }

    @Override
    public void sync() throws SpoolException {
        SegmentWriter writer = hot;
        if (isUnsynced && writer != null) {
            try {
                writer.sync();
            } catch (IOException e) {
                throw new SpoolException.Broken(
                        "fsync of " + writer.segment().path() + " failed: what was written since the last is unknown",
                        e);
            }
            syncs.incrementAndGet();
            isUnsynced = false;
        }
    }

    @Override
    public boolean useReserve() throws SpoolException {
        try {
            return reserve.release();
        } catch (IOException e) {
            throw new SpoolException.Broken("cannot free the reserve", e);
        }
    }

    @Override
    public boolean hasRoomToEnd() throws SpoolException {
        try {
            return reserve.fits();
        } catch (IOException e) {
            throw new SpoolException.Broken("cannot write to the disk", e);
        }
    }

    @Override
    public long position() {
        return position;
    }

    // ------------------------------------------------------------------ read, discard

    @Override
    public Optional<byte[]> read(byte type, long id, long location, int length) throws SpoolException {
        Segment segment = segments.get(Segment.numberOf(location));
        if (segment == null) {
            return Optional.empty();
        }
        try {
            return readers.read(segment, type, id, Segment.offsetOf(location), length);
        } catch (SpoolException.Damaged e) {
            segment.markDamaged();
            throw e;
        }
    }

    @Override
    public void discard(byte type, long id, long location, int length) {
        Segment segment = segments.get(Segment.numberOf(location));
        if (segment != null) {
            segment.addLive(-RecordFormat.footprint(length));
        }
    }

    // ------------------------------------------------------------------ maintenance

    @Override
    public void maintain() throws SpoolException {
        try {
            reserve.make();
        } catch (IOException e) {
            LOGGER.warn("cannot set room aside for the day on which the disk is full", e);
        }
        keeping().run();
    }

    @Override
    public void checkpoint() throws SpoolException {
        keeping().checkpoint();
    }

    /** Writes a checkpoint; returns its head and size. */
    Written writeCheckpoint() throws SpoolException {
        CheckpointHead head = engine().head();
        List<Segment> dead = dead(head.position());
        try {
            long size = Checkpoint.draft(disk, directory.root(), lastStep, head, engine());
            // A checkpoint that knew an end which the log then lost would leave an envelope without its message.
            engine().sync();
            Checkpoint.publish(disk, directory.root());
            for (Segment segment : dead) {
                drop(segment);
            }
            return new Written(head.position(), size);
        } catch (DiskFullException e) {
            throw new SpoolException.Full(String.valueOf(e.getMessage()), e);
        } catch (IOException e) {
            throw new SpoolException.Broken("cannot write a checkpoint", e);
        }
    }

    record Written(long position, long size) {}

    /** Segments that nothing refers to, as of a head that was taken before. */
    private List<Segment> dead(long headPosition) {
        List<Segment> dead = new ArrayList<>();
        for (Segment segment : segments.values()) {
            if (isSealed(segment, headPosition) && segment.live() == 0 && !segment.isDamaged()) {
                dead.add(segment);
            }
        }
        return dead;
    }

    /** Nothing is appended to it any more, and all that is in it lies before that position. */
    boolean isSealed(Segment segment, long upTo) {
        return segment.isCold() ? !keeping().isWriting(segment) : segment.number() < Segment.numberOf(upTo);
    }

    private void drop(Segment segment) throws IOException {
        segments.remove(segment.number());
        readers.close(segment.number());
        disk.deleteIfExists(segment.path());
        LOGGER.debug("gave {} back", segment.name());
    }

    NavigableMap<Integer, Segment> segments() {
        return segments;
    }

    /** For the compaction: a segment whose header is on disk. */
    SegmentWriter beginCold(byte[] coldBuffer) throws IOException {
        SegmentWriter writer =
                SegmentWriter.create(disk, SpoolDirectory.log(directory.root()), newSegment(true), coldBuffer);
        segments.put(writer.segment().number(), writer.segment());
        return writer;
    }

    private Live engine() {
        if (live == null) {
            throw new IllegalStateException("not recovered");
        }
        return live;
    }

    private Housekeeping keeping() {
        if (housekeeping == null) {
            throw new IllegalStateException("not recovered");
        }
        return housekeeping;
    }

    @Override
    public void close() {
        try {
            if (hot != null) {
                hot.close();
            }
            if (housekeeping != null) {
                housekeeping.close();
            }
            readers.close();
        } catch (IOException e) {
            LOGGER.warn("cannot close the files of the spool", e);
        } finally {
            closeDirectory();
        }
    }

    private void closeDirectory() {
        try {
            directory.close();
        } catch (IOException e) {
            LOGGER.warn("cannot release the lock of the spool", e);
        }
    }

    @Override
    public long bytesOnDisk() {
        return segments.values().stream().mapToLong(Segment::size).sum();
    }

    @Override
    public long syncs() {
        return syncs.get();
    }
}
