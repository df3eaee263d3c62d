package org.relais.access.smtp;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.relais.model.QueueId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The content of one mail while it arrives: the trace field on top, then the client's octets as they are.
 *
 * <p>What is wrong with it (too large, bare line endings, no room) is remembered until its end, as the client listens to
 * no reply before; a faulty content is read on and thrown away. Used by one thread at a time.
 */
final class MailData {
    private static final Logger LOGGER = LoggerFactory.getLogger(MailData.class);
    private static final byte[] CRLF = {'\r', '\n'};

    private final QueueId id;
    private final Intake.Content content;
    private final byte[] trace;
    private final SmtpOptions options;
    private final ContentDecoder decoder;
    private final FirstLine firstLine = new FirstLine();
    private final ByteArrayOutputStream held = new ByteArrayOutputStream(128);
    private long octets;
    private @Nullable Reply fault;

    MailData(QueueId id, Intake.Content content, String trace, SmtpOptions options) {
        this.id = id;
        this.content = content;
        this.trace = trace.getBytes(StandardCharsets.US_ASCII);
        this.options = options;
        this.decoder = new ContentDecoder(options.normalisesBareLineEndings());
    }

    QueueId id() {
        return id;
    }

    /** Octets of the client's content, so far. */
    long octets() {
        return octets;
    }

    boolean isComplete() {
        return decoder.isAtEnd();
    }

    void receive(ByteBuffer input) {
        try {
            decoder.decode(input, this::take);
            if (decoder.isAtEnd()) {
                finish();
            }
        } catch (IOException e) {
            throw new IllegalStateException("take() remembers what fails", e);
        }
    }

    /** Why the mail cannot be taken; asked when it is complete. */
    Optional<Reply> fault() {
        return Optional.ofNullable(fault);
    }

    void commit(ReceivedMail mail) throws IOException {
        content.commit(mail);
    }

    void close() {
        content.close();
    }

    private void take(byte[] piece, int offset, int length) {
        octets += length;
        if (fault == null && octets > options.messageOctets()) {
            fault = Reply.of(552, "5.3.4", "Message too large, the limit is " + options.messageOctets() + " octets");
        }
        if (fault == null) {
            try {
                write(piece, offset, length);
            } catch (IOException e) {
                noRoom(e);
            }
        }
    }

    private void write(byte[] piece, int offset, int length) throws IOException {
        int at = offset;
        while (!firstLine.isDecided() && at < offset + length) {
            held.write(piece[at]);
            if (firstLine.decide(piece[at++])) {
                writeTrace();
            }
        }
        if (at < offset + length) {
            content.write(piece, at, offset + length - at);
        }
    }

    private void writeTrace() throws IOException {
        content.write(trace, 0, trace.length);
        if (firstLine.isSeparatorNeeded()) {
            content.write(CRLF, 0, CRLF.length);
        }
        content.write(held.toByteArray(), 0, held.size());
    }

    private void finish() {
        if (fault == null && decoder.hasBareLineEnding() && !options.normalisesBareLineEndings()) {
            fault = Reply.of(550, "5.6.0", "Lines must end in CRLF: a CR or LF stands alone");
        }
        if (fault == null && !firstLine.isDecided()) {
            try {
                writeTrace();
            } catch (IOException e) {
                noRoom(e);
            }
        }
    }

    private void noRoom(IOException e) {
        LOGGER.error("{}: the content cannot be written", id, e);
        fault = Reply.of(452, "4.3.1", "Insufficient system storage");
    }
}
