package org.relais.spool.engine;

import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.relais.spool.Envelope;

/**
 * The unit that is written, checked and, if damaged, set aside. The store gives it its place. Written by one thread
 * after the other, never by two.
 */
public final class Record {
    /** A message: the body is its bytes. */
    public static final byte MESSAGE = 'M';
    /** A message in a file of its own: the body is its size, 8 bytes. */
    public static final byte LARGE_MESSAGE = 'L';
    /** All of an envelope, in place of what was known of it before. */
    public static final byte ENVELOPE = 'E';
    /** An envelope left: the body is disposition and time. */
    public static final byte EXIT = 'X';
    /** Everything is held (1) or not (0). */
    public static final byte HOLD_ALL = 'H';
    /** The accounts as they were before the records that follow. */
    public static final byte COUNTERS = 'C';
    /** A damage was acknowledged: the body is what it settles in the accounts, then the damage's place. */
    public static final byte ACKNOWLEDGED = 'A';

    /** The envelope came into the spool: counted by its origin. */
    public static final int CAME = 2;
    /** An operator removed it: counted as {@code REMOVED}. */
    public static final int REMOVED = 4;
    /** It came back: counted off from {@code REMOVED}. */
    public static final int RESTORED = 8;
    /** The retention of a removed one is over: counted before. */
    public static final int PURGED = 16;

    /** Of counters: everything is held at the begin of the segment. */
    public static final int HOLDING = 32;

    private final byte type;
    private final int flags;
    private final long id;
    private final byte[] body;
    private final int checksum;
    private final @Nullable Envelope envelope;
    private long location;

    public Record(byte type, int flags, long id, byte[] body) {
        this(type, flags, id, body, null);
    }

    /** @param envelope what the body says, if it is at hand */
    @SuppressWarnings("ArrayParameter")
    Record(byte type, int flags, long id, byte[] body, @Nullable Envelope envelope) {
        this(type, flags, id, body, checksum(body), envelope);
    }

    private Record(byte type, int flags, long id, byte[] body, int checksum, @Nullable Envelope envelope) {
        this.type = type;
        this.flags = flags;
        this.id = id;
        this.body = body;
        this.checksum = checksum;
        this.envelope = envelope;
    }

    /** A record that was read at {@code location} and verified. */
    public static Record read(byte type, int flags, long id, byte[] body, long location) {
        Record record = new Record(type, flags, id, body, 0, null);
        record.location = location;
        return record;
    }

    public static int checksum(byte[] body) {
        CRC32C crc = new CRC32C();
        crc.update(body, 0, body.length);
        return (int) crc.getValue();
    }

    public byte type() {
        return type;
    }

    public int flags() {
        return flags;
    }

    public boolean has(int flag) {
        return (flags & flag) != 0;
    }

    public long id() {
        return id;
    }

    /** Not a copy: never to be changed. */
    public byte[] body() {
        return body;
    }

    /** CRC32C of the body. */
    public int checksum() {
        return checksum;
    }

    @Nullable
    Envelope envelope() {
        return envelope;
    }

    /** Where it lies, in the store's terms. */
    public long location() {
        return location;
    }

    public void placeAt(long place) {
        location = place;
    }
}
