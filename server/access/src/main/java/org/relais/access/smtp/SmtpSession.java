package org.relais.access.smtp;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One receiving session: takes the client's octets, gives the replies.
 *
 * <p>Promises: replies come in the order of the commands, pipelined or not; whatever the client sends, memory stays
 * bounded and the server unharmed; a bug or a failing service is answered 4xx and never costs a mail. Used by one thread
 * at a time, which may be blocked by the services; knows nothing of sockets.
 */
public final class SmtpSession {
    /** What becomes of the connection behind the replies. */
    public enum Next {
        CONTINUE,
        /** Begin the TLS handshake right behind the reply, then call {@link SmtpSession#encrypted}. */
        START_TLS,
        CLOSE
    }

    /** @param replies as they go over the wire; may be empty */
    public record Output(byte[] replies, Next next) {}

    private static final Logger LOGGER = LoggerFactory.getLogger(SmtpSession.class);
    /** RFC 5321 §4.5.3.1.4 asks for 512; parameters may lengthen a line. */
    private static final int COMMAND_LINE = 2048;
    /** RFC 4954 §4. */
    private static final int AUTH_LINE = 12288;

    private static final int TLS_HANDSHAKE_RECORD = 0x16;
    private static final Set<String> HTTP_VERBS = Set.of("GET", "POST", "PUT", "HEAD", "OPTIONS", "CONNECT");

    private final SmtpOptions options;
    private final SessionState state;
    private final MailTransaction transaction;
    private final SmtpCommands commands;
    private final CommandLines lines = new CommandLines(AUTH_LINE);
    private final String label;
    private final StringBuilder replies = new StringBuilder();
    private Next next = Next.CONTINUE;
    private boolean hasSpoken;
    private boolean draining;
    private int errors;

    /**
     * @param id names the session in logs
     * @param client the true client's address
     */
    public SmtpSession(SmtpOptions options, SmtpServices services, String id, InetSocketAddress client) {
        this.options = options;
        this.state = new SessionState(options, id, client);
        this.transaction = new MailTransaction(options, services, state);
        this.commands = new SmtpCommands(options, services, state, transaction);
        this.label = options.role().word() + " session " + id + " from "
                + client.getAddress().getHostAddress();
    }

    /** The greeting. */
    public Output greet() {
        String service = options.role() == Role.LMTP ? "LMTP" : "ESMTP";
        say(Reply.plain(220, options.hostname() + " " + service + " Relais"));
        return output();
    }

    /** The TLS handshake is done, in the connection's beginning or behind STARTTLS. */
    public Output encrypted(TlsSession tls) {
        transaction.reset();
        lines.clear();
        hasSpoken = false;
        state.encryptedBy(tls);
        return output();
    }

    /** Takes octets; the array is the session's until this returns. */
    public Output receive(byte[] octets) {
        ByteBuffer input = ByteBuffer.wrap(octets);
        try {
            if (!hasSpoken && input.hasRemaining()) {
                hasSpoken = true;
                refuseTlsInTheClear(octets[0]);
            }
            while (input.hasRemaining() && next == Next.CONTINUE) {
                if (transaction.isReceivingData()) {
                    receiveData(input);
                } else {
                    lines.next(input).ifPresent(this::receiveLine);
                }
            }
            if (next == Next.START_TLS && input.hasRemaining()) {
                refuseInjection(input.remaining());
            }
        } catch (RuntimeException e) {
            LOGGER.error("{}: ended by an error of ours", label, e);
            bye(Reply.of(421, "4.3.0", "Local problem, try again later"));
        }
        return output();
    }

    /** The listener stops: says goodbye at once unless a mail transaction is open, else behind it. */
    public Output drain() {
        draining = true;
        sayGoodbyeIfDrained();
        return output();
    }

    /** The client was silent for too long. */
    public Output timedOut() {
        LOGGER.info("{}: silent for too long", label);
        bye(Reply.of(421, "4.4.2", options.hostname() + " Timeout, closing connection"));
        return output();
    }

    /** The connection is gone; to be called once, last. */
    public void disconnected() {
        if (transaction.isReceivingData()) {
            LOGGER.info("{}: connection lost in DATA, nothing was queued", label);
        }
        transaction.abandon("connection lost in DATA");
    }

    private void receiveData(ByteBuffer input) {
        for (Reply reply : transaction.receive(input)) {
            say(reply);
            if (reply.isPositive()) {
                errors = 0;
            }
        }
        sayGoodbyeIfDrained();
    }

    private void receiveLine(CommandLines.Line line) {
        Reply reply = replyTo(line);
        if (reply.code() >= 500) {
            LOGGER.info("{}: {}", label, reply.summary());
            errors++;
        }
        if (errors >= options.errors()) {
            LOGGER.info("{}: ended after {} errors", label, errors);
            bye(Reply.of(421, "4.7.0", options.hostname() + " Too many errors, closing connection"));
            return;
        }
        say(reply);
        if (commands.endsSession()) {
            next = Next.CLOSE;
        } else if (commands.takeTlsRequest()) {
            next = Next.START_TLS;
        } else {
            sayGoodbyeIfDrained();
        }
    }

    private Reply replyTo(CommandLines.Line line) {
        if (commands.isAuthenticating()) {
            return line.tooLong()
                    ? commands.cancelAuthentication(Reply.of(500, "5.5.6", "Authentication line too long"))
                    : commands.respond(line.text());
        }
        boolean isAuth = line.text().regionMatches(true, 0, "AUTH ", 0, 5);
        if (line.tooLong() || (line.text().length() > COMMAND_LINE && !isAuth)) {
            return Reply.of(500, "5.5.2", "Line too long");
        }
        if (HTTP_VERBS.contains(SmtpCommands.verbOf(line.text()))) {
            // A browser was led here to speak for somebody else.
            LOGGER.info("{}: speaks HTTP", label);
            errors = options.errors();
        }
        return commands.execute(line.text());
    }

    private void sayGoodbyeIfDrained() {
        if (draining && next == Next.CONTINUE && !transaction.isOpen()) {
            bye(Reply.of(421, "4.3.2", options.hostname() + " Service is stopping, try again later"));
        }
    }

    private void refuseTlsInTheClear(byte first) {
        if (first == TLS_HANDSHAKE_RECORD) {
            LOGGER.info("{}: TLS handshake on a listener that begins in the clear", label);
            bye(Reply.of(500, "5.5.2", "This port does not begin with TLS"));
        }
    }

    private void refuseInjection(int octets) {
        LOGGER.info("{}: {} octets pipelined behind STARTTLS, session ended", label, octets);
        replies.setLength(0);
        bye(Reply.of(503, "5.5.1", "Nothing may be pipelined behind STARTTLS"));
    }

    private void bye(Reply reply) {
        say(reply);
        next = Next.CLOSE;
    }

    private void say(Reply reply) {
        replies.append(reply.render());
    }

    private Output output() {
        Output output = new Output(replies.toString().getBytes(StandardCharsets.US_ASCII), next);
        replies.setLength(0);
        if (next == Next.START_TLS) {
            next = Next.CONTINUE;
        }
        return output;
    }
}
