package org.relais.access.imap.james;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.james.imap.api.ImapMessage;
import org.apache.james.imap.api.process.ImapLineHandler;
import org.apache.james.imap.main.DeniedAccessOnSharedMailboxException;
import org.apache.james.util.MDCBuilder;
import org.apache.james.util.ReactorUtils;
import org.relais.access.imap.Framed;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * Runs one command after another of one session through James's parser and processors.
 *
 * <p>Called on session threads, one call at a time; the processors may go on in threads of their own. Whatever happens,
 * the command's octets are released and {@code done} is called exactly once, after the last response is written. A bug
 * is answered {@code NO [SERVERBUG]} (RFC 5530) and logged; the session goes on.
 */
final class ImapCommands {

    private static final Logger LOGGER = LoggerFactory.getLogger(ImapCommands.class);

    private final ImapService service;
    private final RelaisImapSession session;
    private final ResponseWriter writer;
    private final MDCBuilder context;

    ImapCommands(ImapService service, RelaisImapSession session, ResponseWriter writer, MDCBuilder context) {
        this.service = service;
        this.session = session;
        this.writer = writer;
        this.context = context;
    }

    void run(Framed.Command command, Runnable done) {
        var responses = new Responses(service.encoder(), writer);
        var ended = new AtomicBoolean();
        Runnable end = () -> {
            if (ended.compareAndSet(false, true)) {
                end(command, responses, done);
            }
        };
        try {
            Mono.defer(() -> process(command, responses))
                    .contextWrite(ReactorUtils.context("imap", context))
                    .doFinally(signal -> end.run())
                    .subscribe(nothing -> {}, failure -> failed(command, failure));
        } catch (Error e) {
            // Reactor throws what it takes for fatal, which to James's decoders of names is a name that is not
            // well-formed.
            failed(command, e);
            end.run();
        }
    }

    private Mono<Void> process(Framed.Command command, Responses responses) {
        ImapMessage message;
        try (var reader = new CommandReader(command.octets())) {
            message = service.decoder().decode(reader, session);
        } catch (IOException e) {
            return Mono.error(e);
        }
        return service.processor().processReactive(message, responses, session);
    }

    /** The client's line goes to the command that asked for it (AUTHENTICATE, IDLE). */
    void dialogue(ImapLineHandler dialogue, byte[] line, Runnable done) {
        try {
            dialogue.onLine(session, line);
        } catch (UncheckedIOException e) {
            LOGGER.debug("imap: the client left within a dialogue", e);
        } finally {
            done.run();
        }
    }

    /** The client is gone: leaves the mailbox, so that nothing listens to it any more. */
    void leave() {
        session.logout()
                .contextWrite(ReactorUtils.context("imap", context))
                .subscribe(nothing -> {}, failure -> LOGGER.error("imap: cannot leave the mailbox", failure));
    }

    private void failed(Framed.Command command, Throwable failure) {
        if (isDeparture(failure)) {
            LOGGER.debug("imap: the client left while {} ran", command.name());
            return;
        }
        if (failure instanceof DeniedAccessOnSharedMailboxException) {
            // Thrown by James's look-up of a path, before the processor that would answer it is entered.
            tell(command, "NO [NOPERM] Not a mailbox of yours");
            return;
        }
        LOGGER.atError()
                .setCause(failure)
                .addKeyValue("session", session.sessionId().asString())
                .log("imap: {} failed unexpectedly", command.name());
        tell(command, "NO [SERVERBUG] Internal error");
    }

    private void tell(Framed.Command command, String reply) {
        try {
            writer.write((command.tag() + " " + reply + "\r\n").getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            LOGGER.debug("imap: the client left before it could be told", e);
        }
    }

    private static boolean isDeparture(Throwable failure) {
        return failure instanceof ClosedChannelException
                || (failure instanceof UncheckedIOException && failure.getCause() instanceof ClosedChannelException);
    }

    private void end(Framed.Command command, Responses responses, Runnable done) {
        try {
            responses.flush();
        } catch (UncheckedIOException e) {
            LOGGER.debug("imap: the client left before the last response of {}", command.name());
        }
        try {
            command.octets().close();
        } catch (IOException e) {
            LOGGER.warn("imap: cannot delete a temporary file", e);
        } finally {
            done.run();
        }
    }
}
