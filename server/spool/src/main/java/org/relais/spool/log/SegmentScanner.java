package org.relais.spool.log;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Optional;
import org.relais.spool.DamagedRecord;
import org.relais.spool.engine.Record;
import org.relais.spool.log.RecordFormat.Header;

/**
 * Reads a segment from front to back, verifies everything, and goes on behind what is damaged: behind a damaged body
 * by its length, behind a damaged header at the next good one. For one thread.
 */
final class SegmentScanner implements AutoCloseable {
    /** Told what is there, in order. */
    interface Visitor {
        /** A good record; false ends the scan. */
        boolean record(Header header, byte[] body, int offset);

        void damaged(DamagedRecord damage);

        /** As {@link #damaged}, of a record whose header is good. */
        default void damagedBody(Header header, byte[] body, int offset, DamagedRecord damage) {
            damaged(damage);
        }

        /** The end of the segment was not written completely: a step that was never acknowledged. */
        void torn(int offset, long bytes);
    }

    private static final int WINDOW = RecordFormat.footprint(RecordFormat.MAX_BODY) + (1 << 20);

    private final Segment segment;
    private final InputStream in;
    private final byte[] window;
    /** Where the window begins in the file, and how far it is filled. */
    private int base;

    private int filled;
    private boolean isAtEnd;

    SegmentScanner(Segment segment, int from) throws IOException {
        this.segment = segment;
        this.in = Files.newInputStream(segment.path(), StandardOpenOption.READ);
        this.base = Math.max(from, Segment.HEADER);
        long rest = Math.max(0, Files.size(segment.path()) - base);
        this.window = new byte[(int) Math.min(WINDOW, rest + RecordFormat.HEADER)];
        in.skipNBytes(Math.min(base, Files.size(segment.path())));
    }

    /** Visits everything; returns where it stopped. */
    int scan(Visitor visitor) throws IOException {
        int offset = base;
        while (true) {
            int available = fill(offset, RecordFormat.HEADER);
            if (available == 0) {
                return offset;
            }
            Optional<Header> header = available < RecordFormat.HEADER
                    ? Optional.empty()
                    : RecordFormat.decode(segment.salt(), offset, window, offset - base);
            if (header.isEmpty()) {
                int next = search(offset, visitor);
                if (next < 0) {
                    return offset;
                }
                offset = next;
                continue;
            }
            int footprint = RecordFormat.footprint(header.get().length());
            if (fill(offset, footprint) < footprint) {
                visitor.torn(offset, available(offset));
                return offset;
            }
            int start = offset - base + RecordFormat.HEADER;
            byte[] body = Arrays.copyOfRange(window, start, start + header.get().length());
            if (Record.checksum(body) != header.get().checksum()) {
                visitor.damagedBody(
                        header.get(), body, offset, RecordFormat.damaged(segment.name(), offset, header.get(), body));
            } else if (!visitor.record(header.get(), body, offset)) {
                return offset + footprint;
            }
            offset += footprint;
        }
    }

    /** The next good header behind {@code from}; reports what lies between; -1 if there is none. */
    private int search(int from, Visitor visitor) throws IOException {
        boolean isAllZero = true;
        int offset = from;
        while (true) {
            int available = fill(offset, RecordFormat.HEADER);
            for (int i = 0; i < Math.min(8, available); i++) {
                isAllZero &= window[offset - base + i] == 0;
            }
            if (available < RecordFormat.HEADER) {
                for (int i = 0; i < available; i++) {
                    isAllZero &= window[offset - base + i] == 0;
                }
                tail(from, offset + available - from, isAllZero, visitor);
                return -1;
            }
            if (offset > from
                    && RecordFormat.decode(segment.salt(), offset, window, offset - base)
                            .isPresent()) {
                visitor.damaged(new DamagedRecord(
                        segment.name(), from, "one or more records in " + (offset - from) + " bytes"));
                return offset;
            }
            offset += 8;
        }
    }

    /** Bytes at the end that hold no record. Too few for a header, or zeros, are a write that did not happen. */
    private void tail(int from, int bytes, boolean isAllZero, Visitor visitor) {
        if (isAllZero || bytes < RecordFormat.HEADER) {
            visitor.torn(from, bytes);
        } else {
            visitor.damaged(new DamagedRecord(
                    segment.name(), from, "records, or an unfinished write, in the last " + bytes + " bytes"));
        }
    }

    /** Sees to it that {@code count} bytes from {@code offset} are in the window; returns how many are, at most that. */
    private int fill(int offset, int count) throws IOException {
        if (offset - base + count > filled && !isAtEnd) {
            int used = Math.min(offset - base, filled);
            System.arraycopy(window, used, window, 0, filled - used);
            base += used;
            filled -= used;
            while (filled < window.length && !isAtEnd) {
                int read = in.read(window, filled, window.length - filled);
                isAtEnd = read < 0;
                filled += Math.max(0, read);
            }
        }
        return Math.min(count, Math.max(0, available(offset)));
    }

    private int available(int offset) {
        return base + filled - offset;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
