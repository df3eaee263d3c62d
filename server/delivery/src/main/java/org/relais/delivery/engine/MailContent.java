package org.relais.delivery.engine;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.relais.smtpclient.OutgoingContent;
import org.relais.spool.MessageContent;
import org.relais.spool.mail.MailState;

/** The octets of a mail: the fields that were put on top of it, then the message as it lies in the spool. */
final class MailContent implements OutgoingContent {
    private static final int BUFFER = 64 * 1024;
    private static final byte[] NONE = {};

    private final byte[] top;
    private final MessageContent message;
    private final byte[] inMemory;
    private final Kind kind;

    private MailContent(byte[] top, MessageContent message, byte[] inMemory, Kind kind) {
        this.top = top;
        this.message = message;
        this.inMemory = inMemory;
        this.kind = kind;
    }

    /** Reads it once, from the disk if need be, to know its kind. */
    static MailContent of(MailState state, MessageContent message) throws IOException {
        byte[] top = top(state);
        ContentKind kind = new ContentKind();
        kind.add(top, 0, top.length);
        Optional<byte[]> bytes = message.inMemory();
        if (bytes.isPresent()) {
            kind.add(bytes.get(), 0, bytes.get().length);
        } else {
            byte[] buffer = new byte[BUFFER];
            try (InputStream in = message.open()) {
                for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                    kind.add(buffer, 0, read);
                }
            }
        }
        return new MailContent(top, message, bytes.orElse(NONE), kind.kind());
    }

    private static byte[] top(MailState state) {
        byte[] prefix = state.prefix().getBytes(ISO_8859_1);
        if (state.ownFields().isEmpty()) {
            return prefix;
        }
        ByteArrayOutputStream fields = new ByteArrayOutputStream();
        state.ownFields().forEach(field -> fields.writeBytes((field + "\r\n").getBytes(UTF_8)));
        fields.writeBytes(prefix);
        return fields.toByteArray();
    }

    @Override
    public long size() {
        return top.length + message.size();
    }

    @Override
    public Kind kind() {
        return kind;
    }

    @Override
    public Optional<ByteBuffer[]> inMemory() {
        if (inMemory.length != message.size()) {
            return Optional.empty();
        }
        return Optional.of(new ByteBuffer[] {
            ByteBuffer.wrap(top).asReadOnlyBuffer(), ByteBuffer.wrap(inMemory).asReadOnlyBuffer()
        });
    }

    @Override
    public InputStream open() throws IOException {
        return new SequenceInputStream(new ByteArrayInputStream(top), message.open());
    }
}
