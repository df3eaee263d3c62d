package org.relais.spool.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import org.relais.spool.DamagedRecord;

/**
 * That an operator knows of a damage, as it is recorded.
 *
 * @param difference what it settles in the accounts; see {@link org.relais.spool.Accounts#difference()}
 */
record Acknowledgement(DamagedRecord damage, long difference) {

    byte[] encode() {
        byte[] file = damage.file().getBytes(UTF_8);
        byte[] what = damage.what().getBytes(UTF_8);
        return ByteBuffer.allocate(24 + file.length + what.length)
                .putLong(difference)
                .putLong(damage.offset())
                .putInt(file.length)
                .put(file)
                .putInt(what.length)
                .put(what)
                .array();
    }

    /** @throws IllegalArgumentException if {@code body} is none */
    static Acknowledgement decode(byte[] body) {
        ByteBuffer in = ByteBuffer.wrap(body);
        try {
            long difference = in.getLong();
            long offset = in.getLong();
            String file = EnvelopeCodec.text(in);
            return new Acknowledgement(new DamagedRecord(file, offset, EnvelopeCodec.text(in)), difference);
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("an acknowledgement that ends too early", e);
        }
    }
}
