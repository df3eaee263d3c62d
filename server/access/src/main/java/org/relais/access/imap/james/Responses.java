package org.relais.access.imap.james;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.james.imap.api.message.response.ImapResponseMessage;
import org.apache.james.imap.api.process.ImapProcessor;
import org.apache.james.imap.encode.ImapEncoder;
import org.apache.james.imap.encode.ImapResponseWriter;
import org.apache.james.imap.encode.base.ImapResponseComposerImpl;
import org.apache.james.imap.message.Literal;

/**
 * The responses of one command. Each is written as a whole, whichever thread gives it: the session's, or while the
 * client idles that of a mailbox event or a heartbeat.
 *
 * <p>When the client is gone, giving a response throws, which ends the command; it has nobody left to tell.
 */
final class Responses implements ImapProcessor.Responder {

    private final ImapEncoder encoder;
    private final ResponseWriter writer;
    private final ImapResponseComposerImpl composer;

    Responses(ImapEncoder encoder, ResponseWriter writer) {
        this.encoder = encoder;
        this.writer = writer;
        this.composer = new ImapResponseComposerImpl(new InOrder());
    }

    @Override
    public void respond(ImapResponseMessage message) {
        try {
            if (Thread.currentThread() instanceof SessionThread) {
                writer.awaitRoom();
            }
            write(message);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private synchronized void write(ImapResponseMessage message) throws IOException {
        encoder.encode(message, composer);
    }

    @Override
    public synchronized void flush() {
        try {
            composer.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A literal must not overtake what the composer still holds. */
    private final class InOrder implements ImapResponseWriter {

        @Override
        public void write(byte[] octets) throws IOException {
            writer.write(octets);
        }

        @Override
        public void write(Literal literal) throws IOException {
            composer.flush();
            writer.write(literal);
        }
    }
}
