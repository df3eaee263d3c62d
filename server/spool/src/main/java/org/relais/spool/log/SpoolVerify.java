package org.relais.spool.log;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.relais.spool.DamagedRecord;
import org.relais.spool.SpoolException;
import org.relais.spool.engine.LargeMessages;
import org.relais.spool.index.MessageEntry;
import org.relais.spool.index.SpoolIndex;
import org.relais.spool.log.RecordFormat.Header;

/**
 * Reads a spool that nobody has open, to its last byte, and names everything that is damaged or missing. Changes
 * nothing. One use, one thread.
 */
public final class SpoolVerify {
    private final Path root;
    private final Set<DamagedRecord> damages = new LinkedHashSet<>();
    private final List<DamagedRecord> torn = new ArrayList<>();
    private long records;
    private long bytes;

    private SpoolVerify(Path root) {
        this.root = root;
    }

    /**
     * What was found.
     *
     * @param segments files of the log
     * @param records good records, of use or not
     * @param bytes that were read
     * @param envelopes that the spool would come up with
     * @param damages what does not match its checksum, or is missing
     * @param torn ends of segments that a crash left unfinished: harmless, for they were never acknowledged
     */
    public record Report(
            int segments,
            long records,
            long bytes,
            int envelopes,
            List<DamagedRecord> damages,
            List<DamagedRecord> torn) {
        public Report {
            damages = List.copyOf(damages);
            torn = List.copyOf(torn);
        }

        public boolean isSound() {
            return damages.isEmpty();
        }
    }

    /**
     * @throws SpoolException.InUse if a process has the spool open
     * @throws SpoolException.Unusable if the folder is no spool or cannot be read
     */
    public static Report of(Path root) throws SpoolException {
        SpoolDirectory.check(root);
        try (FileChannel channel = FileChannel.open(root.resolve("lock"), StandardOpenOption.READ)) {
            FileLock lock = channel.tryLock(0, Long.MAX_VALUE, true);
            if (lock == null) {
                throw new SpoolException.InUse("the spool " + root + " is open in another process: stop that first");
            }
            return new SpoolVerify(root).run();
        } catch (OverlappingFileLockException e) {
            throw new SpoolException.InUse("the spool " + root + " is open in this process");
        } catch (IOException e) {
            throw new SpoolException.Unusable("cannot read the spool " + root + ": " + e, e);
        }
    }

    private Report run() throws IOException {
        NavigableMap<Integer, Segment> segments = new TreeMap<>();
        VerifiedIndex contents = new VerifiedIndex(damages::add);
        for (Path file : SpoolDirectory.segments(root)) {
            bytes += Files.size(file);
        }
        new LogRecovery(root, segments, contents, false).run();
        for (Segment segment : segments.values()) {
            scan(segment);
        }
        SpoolIndex index = contents.finish();
        List<MessageEntry> large = new ArrayList<>();
        index.messages(0, index.messageSlots(), entry -> {
            checkPlace(segments, entry.location(), "message " + entry.id());
            if (entry.isLarge()) {
                large.add(entry);
            }
        });
        index.envelopes(
                0, index.envelopeSlots(), entry -> checkPlace(segments, entry.location(), "envelope " + entry.id()));
        for (MessageEntry entry : large) {
            checkLarge(entry);
        }
        return new Report(segments.size(), records, bytes, index.envelopeCount(), List.copyOf(damages), torn);
    }

    private void scan(Segment segment) throws IOException {
        try (SegmentScanner scanner = new SegmentScanner(segment, 0)) {
            scanner.scan(new SegmentScanner.Visitor() {
                @Override
                public boolean record(Header header, byte[] body, int offset) {
                    records++;
                    return true;
                }

                @Override
                public void damaged(DamagedRecord damage) {
                    damages.add(damage);
                }

                @Override
                public void torn(int offset, long size) {
                    torn.add(new DamagedRecord(segment.name(), offset, size + " bytes of an unfinished step"));
                }
            });
        }
    }

    private void checkPlace(NavigableMap<Integer, Segment> segments, long location, String what) {
        int number = Segment.numberOf(location);
        Segment segment = segments.get(number);
        if (location == 0) {
            damages.add(new DamagedRecord("(no file)", 0, what + " is missing"));
        } else if (segment == null || Segment.offsetOf(location) >= segment.size()) {
            String name = "log/" + Segment.path(root, number).getFileName();
            damages.add(new DamagedRecord(name, Segment.offsetOf(location), what + " is missing"));
        }
    }

    private void checkLarge(MessageEntry entry) throws IOException {
        try {
            LargeMessages.verify(SpoolDirectory.large(root), entry.id());
            bytes += entry.size();
        } catch (IOException e) {
            if (e.getCause() instanceof SpoolException.Damaged damaged) {
                damages.add(damaged.damage());
            } else {
                throw e;
            }
        }
    }
}
