package org.relais.spool.log;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32C;

/**
 * One file of the log, and how much of it is still of use. Its header stands there twice, for with it the checksums of
 * all its records would be lost. Safe for use by many threads.
 *
 * <pre>
 * 0  "RELAISSG"   8  u32 format version, u32 CRC32C of the other bytes   16  u64 number   24  u64 salt
 * 32 u8 'H' hot or 'C' cold, zeros to 64; then the same 64 bytes again
 * </pre>
 */
final class Segment {
    static final int HEADER = 128;
    static final int VERSION = 1;
    static final String SUFFIX = ".seg";

    private static final int COPY = 64;
    private static final long MAGIC = 0x52454C4149535347L; // RELAISSG

    private final Path path;
    private final int number;
    private final boolean isCold;
    private final long salt;
    private final AtomicLong live = new AtomicLong();
    private volatile long size;
    private volatile boolean isDamaged;

    Segment(Path path, int number, boolean isCold, long salt) {
        this.path = path;
        this.number = number;
        this.isCold = isCold;
        this.salt = salt;
    }

    static Path path(Path directory, int number) {
        return directory.resolve(String.format(Locale.ROOT, "%08x%s", number, SUFFIX));
    }

    /** The number that the file's name says; 0 if it says none. */
    static int numberOf(Path file) {
        String name = String.valueOf(file.getFileName());
        try {
            return Integer.parseInt(name.substring(0, name.length() - SUFFIX.length()), 16);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    byte[] header() {
        ByteBuffer header = ByteBuffer.allocate(HEADER);
        for (int at = 0; at < HEADER; at += COPY) {
            header.putLong(at, MAGIC)
                    .putInt(at + 8, VERSION)
                    .putLong(at + 16, number)
                    .putLong(at + 24, salt);
            header.put(at + 32, (byte) (isCold ? 'C' : 'H'));
            header.putInt(at + 12, checksum(header.array(), at));
        }
        return header.array();
    }

    private static int checksum(byte[] header, int at) {
        CRC32C crc = new CRC32C();
        crc.update(header, at, 12);
        crc.update(header, at + 16, COPY - 16);
        return (int) crc.getValue();
    }

    /** The segment in that file; empty if neither copy of the header is good. */
    static Optional<Segment> open(Path path) throws IOException {
        byte[] header = new byte[HEADER];
        try (InputStream in = Files.newInputStream(path)) {
            new DataInputStream(in).readFully(header);
        } catch (EOFException e) {
            return Optional.empty();
        }
        for (int at = 0; at < HEADER; at += COPY) {
            ByteBuffer copy = ByteBuffer.wrap(header);
            if (copy.getLong(at) == MAGIC && copy.getInt(at + 12) == checksum(header, at)) {
                if (copy.getInt(at + 8) != VERSION) {
                    throw new IOException(
                            path + " is of format version " + copy.getInt(at + 8) + ", known is " + VERSION);
                }
                Segment segment =
                        new Segment(path, (int) copy.getLong(at + 16), header[at + 32] == 'C', copy.getLong(at + 24));
                segment.size = Files.size(path);
                return Optional.of(segment);
            }
        }
        return Optional.empty();
    }

    /** Name within the spool's folder, for reports. */
    String name() {
        return "log/" + path.getFileName();
    }

    Path path() {
        return path;
    }

    int number() {
        return number;
    }

    boolean isCold() {
        return isCold;
    }

    long salt() {
        return salt;
    }

    long location(int offset) {
        return (long) number << 32 | offset;
    }

    static int numberOf(long location) {
        return (int) (location >>> 32);
    }

    static int offsetOf(long location) {
        return (int) location;
    }

    long size() {
        return size;
    }

    void setSize(long bytes) {
        size = bytes;
    }

    /** Bytes of records that something refers to. */
    long live() {
        return live.get();
    }

    void addLive(long bytes) {
        live.addAndGet(bytes);
    }

    void resetLive() {
        live.set(0);
    }

    /** A segment with a damaged record is neither moved nor deleted: it is what is left. */
    boolean isDamaged() {
        return isDamaged;
    }

    void markDamaged() {
        isDamaged = true;
    }
}
