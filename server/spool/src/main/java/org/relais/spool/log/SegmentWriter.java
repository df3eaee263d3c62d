package org.relais.spool.log;

import java.io.IOException;
import java.nio.file.Path;
import org.relais.spool.disk.Disk;
import org.relais.spool.engine.Record;
import org.relais.spool.log.RecordFormat.Header;

/** Appends records to one segment, through a buffer of its own. For one thread at a time. */
final class SegmentWriter implements AutoCloseable {
    private final Segment segment;
    private final Disk.AppendFile file;
    private final byte[] buffer;
    private int filled;

    private SegmentWriter(Segment segment, Disk.AppendFile file, byte[] buffer) {
        this.segment = segment;
        this.file = file;
        this.buffer = buffer;
    }

    /** A new segment whose header is on disk, and its name in the directory too. */
    static SegmentWriter create(Disk disk, Path directory, Segment segment, byte[] buffer) throws IOException {
        Disk.AppendFile file = disk.create(segment.path());
        try {
            byte[] header = segment.header();
            file.append(header, 0, header.length);
            file.sync();
            disk.syncDirectory(directory);
            segment.setSize(header.length);
            return new SegmentWriter(segment, file, buffer);
        } catch (IOException e) {
            try {
                file.close();
                disk.deleteIfExists(segment.path());
            } catch (IOException second) {
                e.addSuppressed(second);
            }
            throw e;
        }
    }

    Segment segment() {
        return segment;
    }

    int position() {
        return (int) file.length() + filled;
    }

    /** Returns where the record lies once {@link #flush} succeeded. */
    int add(Record record, int flags, long step) throws IOException {
        byte[] body = record.body();
        Header header = new Header(record.type(), flags, body.length, record.checksum(), step, record.id());
        return add(header, body);
    }

    int add(Header header, byte[] body) throws IOException {
        int offset = position();
        int footprint = RecordFormat.footprint(body.length);
        if (filled + footprint > buffer.length) {
            flush();
        }
        if (footprint > buffer.length) {
            byte[] whole = new byte[footprint];
            RecordFormat.encode(header, segment.salt(), offset, whole, 0);
            System.arraycopy(body, 0, whole, RecordFormat.HEADER, body.length);
            file.append(whole, 0, footprint);
        } else {
            RecordFormat.encode(header, segment.salt(), offset, buffer, filled);
            System.arraycopy(body, 0, buffer, filled + RecordFormat.HEADER, body.length);
            int end = filled + footprint;
            for (int i = filled + RecordFormat.HEADER + body.length; i < end; i++) {
                buffer[i] = 0;
            }
            filled = end;
        }
        return offset;
    }

    /** Hands everything to the operating system. */
    void flush() throws IOException {
        if (filled > 0) {
            file.append(buffer, 0, filled);
            filled = 0;
        }
        segment.setSize(file.length());
    }

    void sync() throws IOException {
        file.sync();
    }

    /** Back to where it was, after a write that failed. */
    void truncate(int position) throws IOException {
        filled = 0;
        file.truncate(position);
        segment.setSize(position);
    }

    /** Takes a segment away that could not be begun. */
    void discard(Disk disk) throws IOException {
        file.close();
        disk.deleteIfExists(segment.path());
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
