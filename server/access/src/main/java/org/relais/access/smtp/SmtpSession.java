package org.relais.access.smtp;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One receiving session: takes the client's octets, gives the replies.
 *
 * <p>Promises: replies come in the order of the commands, pipelined or not; whatever the client sends, memory stays
 * bounded and the server unharmed; a bug or a failing service is answered 4xx and never costs a mail. A state machine
 * without sockets, used by one thread at a time, which it never blocks: what takes time is a {@link Pause}, and what was
 * sent behind it waits its turn.
 */
public final class SmtpSession {
    /** What becomes of the connection behind the replies. */
    public enum Next {
        CONTINUE,
        /** Begin the TLS handshake right behind the reply, then call {@link SmtpSession#encrypted}. */
        START_TLS,
        /** Nothing is received before {@link SmtpSession#resume}. */
        PAUSE,
        CLOSE
    }

    /**
     * What to do next.
     *
     * @param replies ASCII as it goes over the wire; may be empty
     * @param pause not null exactly if {@code next} is {@link Next#PAUSE}
     */
    public record Output(
            String replies, Next next, @Nullable Pause pause) {}

    private static final Logger LOGGER = LoggerFactory.getLogger(SmtpSession.class);
    /** RFC 5321 §4.5.3.1.4 asks for 512; parameters may lengthen a line. */
    private static final int COMMAND_LINE = 2048;
    /** What a session keeps for the next replies. */
    private static final int USUAL_REPLIES = 1024;
    /** RFC 4954 §4. */
    private static final int AUTH_LINE = 12288;

    private static final int TLS_HANDSHAKE_RECORD = 0x16;
    private static final Set<String> HTTP_VERBS = Set.of("GET", "POST", "PUT", "HEAD", "OPTIONS", "CONNECT");

    private final SmtpOptions options;
    private final SessionState state;
    private final HookedCommands hooks;
    private final MailTransaction transaction;
    private final SmtpCommands commands;
    private final CommandLines lines = new CommandLines(AUTH_LINE);
    private final String label;
    private final StringBuilder replies = new StringBuilder();
    private Next next = Next.CONTINUE;
    private @Nullable Pause pause;
    private Answer.@Nullable Conclusion conclusion;
    private boolean hasSpoken;
    private boolean draining;
    private int errors;

    /**
     * @param id names the session in logs
     * @param client the true client's address
     * @param local where the client connected to
     */
    public SmtpSession(
            SmtpOptions options, SmtpServices services, String id, InetSocketAddress client, InetSocketAddress local) {
        this.options = options;
        this.state = new SessionState(options, id, client);
        this.hooks = new HookedCommands(services.hooks().open(options, state.facts(), local), state);
        this.transaction = new MailTransaction(options, services, state, hooks);
        this.commands = new SmtpCommands(options, services, state, transaction, hooks);
        this.label = options.role().word() + " session " + id + " from "
                + client.getAddress().getHostAddress();
    }

    /** The greeting. */
    public Output greet() {
        if (hooks.concern(HookPoint.CONNECT)) {
            HookView view = hooks.view();
            take(hooks.ask(() -> hooks.hooks().connect(view), this::greeting, this::unwelcome));
        } else {
            say(greeting());
        }
        return output();
    }

    private Reply greeting() {
        String service = options.role() == Role.LMTP ? "LMTP" : "ESMTP";
        return Reply.plain(220, options.hostname() + " " + service + " Relais");
    }

    private Reply unwelcome(Reply reply) {
        state.end();
        return reply;
    }

    /** The TLS handshake is done, in the connection's beginning or behind STARTTLS. */
    public Output encrypted(TlsSession tls) {
        transaction.reset();
        lines.clear();
        hasSpoken = false;
        state.encryptedBy(tls);
        return output();
    }

    /**
     * Takes octets, as many as it can before it pauses or ends: the rest is left in {@code input}, which is the
     * caller's again on return.
     */
    public Output receive(ByteBuffer input) {
        proceed(null, input);
        return output();
    }

    /**
     * The pause is over. To be called also when the connection is gone meanwhile, so that what became of the mail is
     * recorded.
     *
     * @param rest what {@link #receive} left
     */
    public Output resume(ByteBuffer rest) {
        Answer.Conclusion concluding = conclusion;
        pause = null;
        conclusion = null;
        proceed(concluding, rest);
        return output();
    }

    private void proceed(Answer.@Nullable Conclusion concluding, ByteBuffer input) {
        try {
            if (concluding != null) {
                take(concluding.conclude());
            }
            if (!hasSpoken && input.hasRemaining()) {
                hasSpoken = true;
                refuseTlsInTheClear(input.get(input.position()));
            }
            while (input.hasRemaining() && next == Next.CONTINUE && pause == null) {
                if (transaction.isReceivingContent()) {
                    take(transaction.receive(input));
                } else {
                    CommandLines.Line line = lines.next(input);
                    if (line != null) {
                        take(answerTo(line));
                    }
                }
            }
            if (next == Next.START_TLS && input.hasRemaining()) {
                refuseInjection(input.remaining());
            }
        } catch (RuntimeException e) {
            LOGGER.error("{}: ended by an error of ours", label, e);
            pause = null;
            conclusion = null;
            bye(Reply.of(421, "4.3.0", "Local problem, try again later"));
        }
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

    /** What a pause waits for did not happen in time. A mail that was handed over may still be accepted. */
    public Output overdue() {
        LOGGER.warn("{}: ended, the spool or the directory did not answer in time", label);
        transaction.giveUpJudging();
        bye(Reply.of(421, "4.3.2", options.hostname() + " System is too slow, closing connection"));
        return new Output(takeReplies(), Next.CLOSE, null);
    }

    /** The connection is gone; to be called once, also during a pause. */
    public void disconnected() {
        next = Next.CLOSE;
        if (!transaction.isCommitting()) {
            conclusion = null;
        }
        transaction.abandon();
    }

    private void take(Answer answer) {
        if (answer instanceof Reply) {
            answered((Reply) answer);
        } else if (answer instanceof Answer.ToContent) {
            contentAnswered(((Answer.ToContent) answer).replies());
        } else if (answer instanceof Answer.Afterwards) {
            Answer.Afterwards afterwards = (Answer.Afterwards) answer;
            conclusion = afterwards.conclusion();
            pause = new Pause.Until(afterwards.stage());
        } else {
            Elsewhere elsewhere = new Elsewhere((Answer.Elsewhere) answer, label);
            conclusion = elsewhere;
            pause = new Pause.Elsewhere(elsewhere);
        }
    }

    /** Work on another thread. What it concluded is read behind the hand-over to the session's thread. */
    private static final class Elsewhere implements Runnable, Answer.Conclusion {
        private final Answer.Work work;
        private final String label;
        private Answer.Conclusion conclusion;

        Elsewhere(Answer.Elsewhere answer, String label) {
            this.work = answer.work();
            this.conclusion = answer.otherwise();
            this.label = label;
        }

        @Override
        public void run() {
            try {
                conclusion = work.run();
            } catch (RuntimeException e) {
                LOGGER.error("{}: a command failed by an error of ours", label, e);
            }
        }

        @Override
        public Answer conclude() {
            return conclusion.conclude();
        }
    }

    private void contentAnswered(List<Reply> given) {
        for (Reply reply : given) {
            say(reply);
            if (reply.isPositive()) {
                errors = 0;
            }
            if (reply.endsSession() || state.isEnded()) {
                next = Next.CLOSE;
            }
        }
        sayGoodbyeIfDrained();
    }

    private void answered(Reply reply) {
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
        if (state.isEnded() || reply.endsSession()) {
            next = Next.CLOSE;
        } else if (commands.takeTlsRequest()) {
            next = Next.START_TLS;
        } else {
            sayGoodbyeIfDrained();
        }
    }

    private Answer answerTo(CommandLines.Line line) {
        if (commands.isAuthenticating()) {
            return line.tooLong()
                    ? commands.cancelAuthentication(Reply.of(500, "5.5.6", "Authentication line too long"))
                    : commands.respond(line.text());
        }
        boolean isAuth = line.text().regionMatches(true, 0, "AUTH ", 0, 5);
        if (line.tooLong() || (line.text().length() > COMMAND_LINE && !isAuth)) {
            return line.text().regionMatches(true, 0, "BDAT", 0, 4)
                    ? SmtpCommands.unreadableChunk().reply()
                    : Reply.of(500, "5.5.2", "Line too long");
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
        reply.render(replies);
    }

    /** Replies of one group of commands go out together, so that a pause in between holds them back. */
    private Output output() {
        if (pause != null && next == Next.CONTINUE) {
            return new Output("", Next.PAUSE, pause);
        }
        Output output = new Output(takeReplies(), next, null);
        if (next == Next.START_TLS) {
            next = Next.CONTINUE;
        }
        return output;
    }

    private String takeReplies() {
        String taken = replies.toString();
        replies.setLength(0);
        if (replies.capacity() > USUAL_REPLIES) {
            replies.trimToSize();
        }
        return taken;
    }
}
