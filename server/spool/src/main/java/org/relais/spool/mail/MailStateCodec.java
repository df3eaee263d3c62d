package org.relais.spool.mail;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.relais.spool.Disposition;
import org.relais.spool.OpaqueState;

/**
 * {@link MailState} as bytes: a version, then the fields in order; texts as UTF-8 behind their length. Version 2 has a
 * {@link DsnRequest} at the end; a state without one is still written in version 1, as it was before there were any.
 */
final class MailStateCodec {
    private static final int PLAIN = 1;
    private static final int WITH_DSN = 2;
    private static final int NO_ENDING = 0xFF;

    private MailStateCodec() {}

    static OpaqueState encode(MailState mail) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(mail.dsn().isEmpty() ? PLAIN : WITH_DSN);
            text(out, mail.name());
            text(out, mail.processor());
            text(out, mail.error());
            text(out, mail.remoteHost());
            text(out, mail.remoteAddress());
            out.writeLong(mail.lastUpdated().toEpochMilli());
            out.writeInt(mail.attributes().size());
            // Sorted, so that equal states are equal bytes.
            for (Map.Entry<String, String> attribute : new TreeMap<>(mail.attributes()).entrySet()) {
                text(out, attribute.getKey());
                text(out, attribute.getValue());
            }
            text(out, mail.prefix());
            out.writeInt(mail.ownFields().size());
            for (String field : mail.ownFields()) {
                text(out, field);
            }
            text(out, mail.delivery());
            Disposition ending = mail.ending();
            out.writeByte(ending == null ? NO_ENDING : ending.ordinal());
            if (!mail.dsn().isEmpty()) {
                text(out, mail.dsn().ret());
                text(out, mail.dsn().envid());
                text(out, mail.dsn().notifyWhen());
                text(out, mail.dsn().orcpt());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail", e);
        }
        return OpaqueState.of(bytes.toByteArray());
    }

    static MailState decode(OpaqueState state) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(state.bytes()))) {
            int version = in.readUnsignedByte();
            if (version != PLAIN && version != WITH_DSN) {
                throw new IllegalArgumentException(
                        "state of a mail in version " + version + ", known are 1 to " + WITH_DSN);
            }
            return new MailState(
                    text(in),
                    text(in),
                    text(in),
                    text(in),
                    text(in),
                    Instant.ofEpochMilli(in.readLong()),
                    attributes(in),
                    text(in),
                    texts(in),
                    text(in),
                    ending(in.readUnsignedByte()),
                    version == WITH_DSN ? dsn(in) : DsnRequest.NONE);
        } catch (IOException e) {
            throw new IllegalArgumentException("not the state of a mail: " + state, e);
        }
    }

    private static Map<String, String> attributes(DataInputStream in) throws IOException {
        Map<String, String> attributes = new TreeMap<>();
        for (int left = in.readInt(); left > 0; left--) {
            attributes.put(text(in), text(in));
        }
        return attributes;
    }

    private static List<String> texts(DataInputStream in) throws IOException {
        List<String> texts = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            texts.add(text(in));
        }
        return texts;
    }

    private static @Nullable Disposition ending(int code) {
        if (code == NO_ENDING) {
            return null;
        }
        Disposition[] all = Disposition.values();
        if (code >= all.length) {
            throw new IllegalArgumentException("unknown disposition " + code);
        }
        return all[code];
    }

    private static DsnRequest dsn(DataInputStream in) throws IOException {
        return new DsnRequest(text(in), text(in), text(in), text(in));
    }

    private static void text(DataOutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static String text(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > OpaqueState.MAX_BYTES) {
            throw new IllegalArgumentException("not the state of a mail: a text of " + length + " bytes");
        }
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new IllegalArgumentException("not the state of a mail: it ends too early");
        }
        return new String(bytes, UTF_8);
    }
}
