package org.relais.spool.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.relais.model.QueueId;
import org.relais.spool.Disposition;
import org.relais.spool.Envelope;
import org.relais.spool.EnvelopeDetails;
import org.relais.spool.EnvelopeId;
import org.relais.spool.MessageId;
import org.relais.spool.OpaqueState;
import org.relais.spool.Origin;
import org.relais.spool.Stage;

/** The bodies of envelope and exit records, as docs/spool-format.md describes them. Stateless. */
public final class EnvelopeCodec {
    private static final int FIXED = 48;

    private EnvelopeCodec() {}

    static byte[] encode(Envelope envelope, Instant written) {
        EnvelopeDetails details = envelope.details();
        byte[] queueId = details.queueId().value().getBytes(UTF_8);
        byte[] reversePath = details.reversePath().getBytes(UTF_8);
        byte[] forwardPath = details.forwardPath().getBytes(UTF_8);
        byte[] reason = details.reason().getBytes(UTF_8);
        byte[] state = details.state().bytes();
        Instant removed = envelope.removed();
        return ByteBuffer.allocate(FIXED
                        + 20
                        + queueId.length
                        + reversePath.length
                        + forwardPath.length
                        + reason.length
                        + state.length)
                .putLong(envelope.message().value())
                .putLong(envelope.created().toEpochMilli())
                .putLong(details.nextAttempt().toEpochMilli())
                .putLong(removed == null ? 0 : removed.toEpochMilli())
                .putLong(written.toEpochMilli())
                .putInt(details.attempts())
                .put((byte) details.stage().ordinal())
                .put((byte) details.priority())
                .put((byte) (details.held() ? 1 : 0))
                .put((byte) envelope.origin().ordinal())
                .putInt(queueId.length)
                .put(queueId)
                .putInt(reversePath.length)
                .put(reversePath)
                .putInt(forwardPath.length)
                .put(forwardPath)
                .putInt(reason.length)
                .put(reason)
                .putInt(state.length)
                .put(state)
                .array();
    }

    /** The queue id that stands in a damaged body; empty if none can stand there. It may be damaged itself. */
    public static Optional<QueueId> queueIdInDamaged(byte[] body) {
        try {
            ByteBuffer in = ByteBuffer.wrap(body);
            in.position(Math.min(FIXED, body.length));
            return Optional.of(new QueueId(text(in)));
        } catch (IllegalArgumentException | BufferUnderflowException e) {
            return Optional.empty();
        }
    }

    /** The message that a damaged body names; 0 if none. It may be damaged itself. */
    static long messageInDamaged(byte[] body) {
        return body.length < 8 ? 0 : ByteBuffer.wrap(body).getLong();
    }

    /** Where an envelope came from, by its damaged body; if that says nothing, most come from clients. */
    static Origin originInDamaged(byte[] body) {
        int number = body.length < FIXED ? 0 : body[FIXED - 1];
        return number < 0 || number >= Origin.values().length ? Origin.ACCEPTED : Origin.values()[number];
    }

    /** @throws IllegalArgumentException if {@code body} is no envelope, though its checksum was right */
    public static Envelope decode(long id, byte[] body) {
        try {
            ByteBuffer in = ByteBuffer.wrap(body);
            MessageId message = new MessageId(in.getLong());
            Instant created = Instant.ofEpochMilli(in.getLong());
            Instant nextAttempt = Instant.ofEpochMilli(in.getLong());
            long removed = in.getLong();
            in.getLong(); // written
            int attempts = in.getInt();
            Stage stage = constant(Stage.values(), in.get());
            int priority = in.get();
            boolean held = in.get() != 0;
            Origin origin = constant(Origin.values(), in.get());
            EnvelopeDetails details = new EnvelopeDetails(
                    new QueueId(text(in)),
                    text(in),
                    text(in),
                    stage,
                    priority,
                    attempts,
                    nextAttempt,
                    held,
                    text(in),
                    OpaqueState.of(bytes(in)));
            @Nullable Instant removedAt = removed == 0 ? null : Instant.ofEpochMilli(removed);
            return new Envelope(new EnvelopeId(id), message, origin, created, removedAt, details);
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("envelope record too short", e);
        }
    }

    /** When an envelope record was written, in milliseconds since 1970. */
    static long written(byte[] envelopeBody) {
        return ByteBuffer.wrap(envelopeBody).getLong(32);
    }

    static byte[] encodeExit(Disposition disposition, Instant when) {
        return ByteBuffer.allocate(9)
                .put((byte) disposition.ordinal())
                .putLong(when.toEpochMilli())
                .array();
    }

    public static Disposition disposition(byte[] exitBody) {
        return constant(Disposition.values(), exitBody[0]);
    }

    static long exitTime(byte[] exitBody) {
        return ByteBuffer.wrap(exitBody).getLong(1);
    }

    static String text(ByteBuffer in) {
        return new String(bytes(in), UTF_8);
    }

    private static byte[] bytes(ByteBuffer in) {
        int length = in.getInt();
        if (length < 0 || length > in.remaining()) {
            throw new IllegalArgumentException("envelope record with an impossible length");
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }

    private static <E> E constant(E[] constants, byte number) {
        if (number < 0 || number >= constants.length) {
            throw new IllegalArgumentException("unknown constant " + number);
        }
        return constants[number];
    }
}
