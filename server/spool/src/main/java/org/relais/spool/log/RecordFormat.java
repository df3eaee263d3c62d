package org.relais.spool.log;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.relais.spool.DamagedRecord;
import org.relais.spool.EnvelopeId;
import org.relais.spool.engine.EnvelopeCodec;
import org.relais.spool.engine.Record;

/**
 * How a record lies in a segment: a header of {@value #HEADER} bytes, the body, and zeros up to the next multiple of 8.
 *
 * <pre>
 *  0  "RR"                          4  u32 CRC32C of (u64 salt, u32 offset, header without this field)
 *  2  u8 type, u8 flags             8  u32 length of the body       12  u32 CRC32C of the body
 * 16  u64 step                     24  u64 number of the message or envelope
 * </pre>
 *
 * <p>The segment's random salt and the record's place are part of the header's checksum: so bytes within a mail cannot
 * pass for a record when a reader searches for the next one behind a damaged one.
 */
final class RecordFormat {
    static final int HEADER = 32;
    static final int MAX_BODY = 2 << 20;
    /** Flags of the log, beside those of {@link Record}: the first and the last record of a step. */
    static final int LAST = 1;

    static final int FIRST = 128;

    static final byte MAGIC = 'R';

    private RecordFormat() {}

    /** A header that is as it was written. */
    record Header(byte type, int flags, int length, int checksum, long step, long id) {
        boolean is(int flag) {
            return (flags & flag) != 0;
        }
    }

    /** Bytes that a record with such a body takes. */
    static int footprint(int bodyLength) {
        return HEADER + ((bodyLength + 7) & ~7);
    }

    static void encode(Header header, long salt, int offset, byte[] into, int at) {
        ByteBuffer.wrap(into, at, HEADER)
                .put(MAGIC)
                .put(MAGIC)
                .put(header.type())
                .put((byte) header.flags())
                .putInt(0)
                .putInt(header.length())
                .putInt(header.checksum())
                .putLong(header.step())
                .putLong(header.id());
        ByteBuffer.wrap(into).putInt(at + 4, checksum(salt, offset, into, at));
    }

    /** The header at {@code at}, if its checksum says that one is there. */
    static Optional<Header> decode(long salt, int offset, byte[] from, int at) {
        if (from[at] != MAGIC || from[at + 1] != MAGIC) {
            return Optional.empty();
        }
        ByteBuffer in = ByteBuffer.wrap(from, at + 2, HEADER - 2);
        byte type = in.get();
        int flags = in.get() & 0xFF;
        int checksum = in.getInt();
        int length = in.getInt();
        if (checksum != checksum(salt, offset, from, at) || length < 0 || length > MAX_BODY) {
            return Optional.empty();
        }
        return Optional.of(new Header(type, flags, length, in.getInt(), in.getLong(), in.getLong()));
    }

    private static int checksum(long salt, int offset, byte[] header, int at) {
        CRC32C crc = new CRC32C();
        crc.update(ByteBuffer.allocate(12).putLong(salt).putInt(offset).flip());
        crc.update(header, at, 4);
        crc.update(header, at + 8, HEADER - 8);
        return (int) crc.getValue();
    }

    /** A record whose header says whose it is, and whose body is damaged. */
    static DamagedRecord damaged(String file, long offset, Header header, byte[] body) {
        DamagedRecord damage = new DamagedRecord(file, offset, describe(header));
        return switch (header.type()) {
            case Record.ENVELOPE ->
                damage.withEnvelope(
                        new EnvelopeId(header.id()),
                        EnvelopeCodec.queueIdInDamaged(body).orElse(null));
            case Record.EXIT -> damage.withEnvelope(new EnvelopeId(header.id()), null);
            default -> damage;
        };
    }

    /** What a damaged record was, for people. */
    static String describe(Header header) {
        return switch (header.type()) {
            case Record.MESSAGE -> "message " + header.id() + " (" + header.length() + " bytes)";
            case Record.LARGE_MESSAGE -> "reference to large message " + header.id();
            case Record.ENVELOPE -> "envelope " + header.id();
            case Record.EXIT -> "end of envelope " + header.id();
            case Record.HOLD_ALL -> "hold-all switch";
            case Record.COUNTERS -> "counters";
            case Record.ACKNOWLEDGED -> "acknowledgement of a damage";
            default -> "record of unknown type " + header.type();
        };
    }
}
