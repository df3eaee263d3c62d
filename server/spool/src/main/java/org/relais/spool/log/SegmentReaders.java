package org.relais.spool.log;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.relais.spool.DamagedRecord;
import org.relais.spool.SpoolException;
import org.relais.spool.engine.Record;
import org.relais.spool.log.RecordFormat.Header;

/**
 * Reads single records at their place. Keeps up to {@value #MOST_OPEN} files open. Safe for use by many threads; an
 * interrupt harms nobody.
 */
final class SegmentReaders implements AutoCloseable {
    private static final int MOST_OPEN = 128;

    private final Map<Integer, RandomAccessFile> open = new LinkedHashMap<>(16, 0.75f, true);

    /** The body of that record; empty if the segment's file is gone. */
    Optional<byte[]> read(Segment segment, byte type, long id, int offset, int length) throws SpoolException {
        byte[] bytes = new byte[RecordFormat.HEADER + length];
        try {
            if (!readFully(segment, offset, bytes)) {
                throw damaged(segment, offset, type, id, new byte[0]);
            }
        } catch (FileNotFoundException e) {
            if (Files.exists(segment.path())) {
                // The JDK says so of "too many open files" too: the record is as good as it was.
                throw new SpoolException.Unusable("cannot open " + segment.path() + ": " + e.getMessage(), e);
            }
            return Optional.empty();
        } catch (IOException e) {
            throw new SpoolException.Damaged(
                    new DamagedRecord(segment.name(), offset, "cannot be read: " + e.getMessage()));
        }
        Optional<Header> header = RecordFormat.decode(segment.salt(), offset, bytes, 0);
        byte[] body = Arrays.copyOfRange(bytes, RecordFormat.HEADER, bytes.length);
        if (header.isEmpty()
                || header.get().type() != type
                || header.get().id() != id
                || header.get().length() != length
                || header.get().checksum() != Record.checksum(body)) {
            throw damaged(segment, offset, type, id, body);
        }
        return Optional.of(body);
    }

    private static SpoolException.Damaged damaged(Segment segment, int offset, byte type, long id, byte[] body) {
        return new SpoolException.Damaged(
                RecordFormat.damaged(segment.name(), offset, new Header(type, 0, body.length, 0, 0, id), body));
    }

    /** False if the file ends before. */
    private synchronized boolean readFully(Segment segment, int offset, byte[] bytes) throws IOException {
        RandomAccessFile file = open.get(segment.number());
        if (file == null) {
            file = new RandomAccessFile(segment.path().toFile(), "r");
            open.put(segment.number(), file);
            if (open.size() > MOST_OPEN) {
                close(open.keySet().iterator().next());
            }
        }
        file.seek(offset);
        for (int read = 0; read < bytes.length; ) {
            int count = file.read(bytes, read, bytes.length - read);
            if (count < 0) {
                return false;
            }
            read += count;
        }
        return true;
    }

    synchronized void close(int segment) throws IOException {
        RandomAccessFile file = open.remove(segment);
        if (file != null) {
            file.close();
        }
    }

    @Override
    public synchronized void close() throws IOException {
        for (RandomAccessFile file : open.values()) {
            file.close();
        }
        open.clear();
    }
}
