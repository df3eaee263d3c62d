package org.relais.spool.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import org.relais.spool.DamagedRecord;
import org.relais.spool.engine.Record;
import org.relais.spool.engine.RecordStore;
import org.relais.spool.log.RecordFormat.Header;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The start: checkpoint, then every record behind it. Without a good checkpoint the whole log is read; then an
 * envelope whose end stood in a segment that was given back can come to life again (a mail is repeated, none is lost).
 * For one thread, once.
 */
final class LogRecovery {
    private static final Logger LOGGER = LoggerFactory.getLogger(LogRecovery.class);

    private final boolean mayTidy;
    private final Path root;
    private final NavigableMap<Integer, Segment> segments;
    private final RecordStore.Listener listener;
    /** The newest step of each envelope: kept only when the whole log is read, where older ones can come later. */
    private final Map<Long, Long> newest = new HashMap<>();

    private long lastStep;

    /** @param mayTidy whether to delete what a crash left; otherwise nothing is changed */
    LogRecovery(Path root, NavigableMap<Integer, Segment> segments, RecordStore.Listener listener, boolean mayTidy) {
        this.mayTidy = mayTidy;
        this.root = root;
        this.segments = segments;
        this.listener = listener;
    }

    /** @param checkpoint what it began from; zeros without one */
    record Result(long lastStep, SegmentLog.Written checkpoint) {}

    Result run() throws IOException {
        openSegments();
        Optional<Checkpoint.Loaded> checkpoint = checkpoint();
        if (checkpoint.isPresent()) {
            lastStep = checkpoint.get().lastStep();
            markDamaged(checkpoint.get().head().damages());
            long from = checkpoint.get().head().position();
            for (Segment segment :
                    segments.tailMap(Segment.numberOf(from), true).values()) {
                if (!segment.isCold()) {
                    boolean isFirst = segment.number() == Segment.numberOf(from);
                    scan(segment, isFirst ? Segment.offsetOf(from) : 0, false);
                }
            }
        } else {
            List<Segment> all = new ArrayList<>(segments.values());
            all.sort(
                    Comparator.comparing((Segment segment) -> !segment.isCold()).thenComparing(Segment::number));
            for (Segment segment : all) {
                scan(segment, 0, true);
            }
        }
        SegmentLog.Written from = checkpoint
                .map(loaded -> new SegmentLog.Written(loaded.head().position(), loaded.size()))
                .orElse(new SegmentLog.Written(0, 0));
        return new Result(lastStep, from);
    }

    private void openSegments() throws IOException {
        List<Path> files = SpoolDirectory.segments(root);
        for (Path file : files) {
            Optional<Segment> segment = Segment.open(file);
            if (segment.isPresent()) {
                segments.put(segment.get().number(), segment.get());
            } else if (Files.size(file) <= Segment.HEADER) {
                LOGGER.info("{} was begun and never used", file);
                if (mayTidy) {
                    Files.delete(file);
                }
            } else {
                listener.damaged(new DamagedRecord(
                        "log/" + file.getFileName(),
                        0,
                        "both copies of the segment's header: nothing in it is readable"));
            }
        }
    }

    private Optional<Checkpoint.Loaded> checkpoint() throws IOException {
        try {
            Checkpoint.verify(root);
        } catch (IOException e) {
            LOGGER.error("the checkpoint is damaged: the whole log is read instead, finished mail may be repeated", e);
            listener.damaged(new DamagedRecord(Checkpoint.NAME, 0, "the checkpoint: " + e.getMessage()));
            return Optional.empty();
        }
        return Checkpoint.read(root, listener);
    }

    private void markDamaged(List<DamagedRecord> damages) {
        for (Segment segment : segments.values()) {
            if (damages.stream().anyMatch(damage -> damage.file().equals(segment.name()))) {
                segment.markDamaged();
            }
        }
    }

    private void scan(Segment segment, int from, boolean isWholeLog) throws IOException {
        StepAssembler assembler = new StepAssembler(listener);
        try (SegmentScanner scanner = new SegmentScanner(segment, from)) {
            scanner.scan(new SegmentScanner.Visitor() {
                @Override
                public boolean record(Header header, byte[] body, int offset) {
                    lastStep = Math.max(lastStep, header.step());
                    Record record = Record.read(
                            header.type(),
                            header.flags() & ~(RecordFormat.FIRST | RecordFormat.LAST),
                            header.id(),
                            body,
                            segment.location(offset));
                    assembler.record(header, isWholeLog && isOutdated(header) ? nothing(record) : record);
                    return true;
                }

                @Override
                public void damaged(DamagedRecord damage) {
                    segment.markDamaged();
                    assembler.damaged();
                    listener.damaged(damage);
                }

                @Override
                public void damagedBody(Header header, byte[] body, int offset, DamagedRecord damage) {
                    damaged(damage);
                    listener.damagedBody(
                            Record.read(header.type(), header.flags(), header.id(), body, segment.location(offset)),
                            damage);
                }

                @Override
                public void torn(int offset, long bytes) {
                    LOGGER.info(
                            "{} ends with {} bytes of an unfinished step at {}: it was never acknowledged",
                            segment.name(),
                            bytes,
                            offset);
                }
            });
        }
        assembler.end();
    }

    private boolean isOutdated(Header header) {
        if (header.type() != Record.ENVELOPE && header.type() != Record.EXIT) {
            return false;
        }
        long known = newest.merge(header.id(), header.step(), Math::max);
        return known > header.step();
    }

    /** Stands for a record that a newer one replaces. */
    private static Record nothing(Record record) {
        return Record.read((byte) 0, 0, record.id(), new byte[0], record.location());
    }
}
