package org.relais.smtpclient.protocol;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.relais.model.Reply;
import org.relais.smtpclient.Protocol;
import org.relais.smtpclient.Transaction;
import org.relais.smtpclient.protocol.Extensions.Keyword;

/**
 * One mail over an open connection: told what is answered, it says what to send. One thread at a time.
 *
 * <p>With PIPELINING (RFC 2920) MAIL, every RCPT and DATA go as one group, behind RSET where the mail before was refused.
 * With CHUNKING (RFC 3030) the content is one BDAT chunk, and where both are announced and the caller allows it, that
 * chunk is part of the group: one round trip for a mail. If every recipient is refused then, the server has to swallow
 * the chunk (RFC 3030 §2); as not all do, such a connection is not used again.
 *
 * <p>Recipients beyond the server's LIMITS (RFC 9422) are not named and have no reply: they need an exchange of their own.
 */
public final class Exchange {
    /** What the next reply is to. */
    public enum Awaits {
        RSET,
        MAIL,
        RCPT,
        DATA,
        END,
        NOTHING
    }

    /** What goes behind the commands. */
    public enum Content {
        NONE,
        /** Dots doubled, with the final dot. */
        DOTTED,
        AS_IS
    }

    /** What to send; a step without commands sends nothing. */
    public record Step(byte[] commands, Content content) {
        static final Step WAIT = new Step(new byte[0], Content.NONE);
    }

    private final Transaction mail;
    private final Extensions server;
    private final boolean isLmtp;
    private final boolean isPipelined;
    private final boolean isChunked;
    private final boolean isEager;
    private final int named;
    private final @Nullable Reply[] replies;

    private Awaits awaits;
    private int index;
    private int accepted;
    private boolean isMailAnswered;
    private @Nullable Reply mailRefusal;
    private boolean isReusable = true;
    private boolean needsReset;

    /**
     * @param isAfterRefusal whether RSET goes first
     * @param mayBeEager whether the chunk may go before the recipients are answered
     */
    public Exchange(
            Transaction mail, Extensions server, Protocol protocol, boolean isAfterRefusal, boolean mayBeEager) {
        this.mail = mail;
        this.server = server;
        this.isLmtp = protocol == Protocol.LMTP;
        this.isPipelined = server.has(Keyword.PIPELINING);
        this.isChunked = server.has(Keyword.CHUNKING);
        this.isEager = isPipelined && isChunked && mayBeEager;
        this.named = Capabilities.recipients(mail, server.limits());
        this.replies = new Reply[named];
        this.awaits = isAfterRefusal ? Awaits.RSET : Awaits.MAIL;
    }

    public Step start() {
        CommandLines lines = new CommandLines();
        if (awaits == Awaits.RSET) {
            lines.line("RSET");
            if (!isPipelined) {
                return new Step(lines.octets(), Content.NONE);
            }
        }
        return mailGroup(lines);
    }

    private Step mailGroup(CommandLines lines) {
        lines.mail(mail, server);
        if (isPipelined) {
            for (int i = 0; i < named; i++) {
                lines.recipient(mail.recipients().get(i), server);
            }
            if (isEager) {
                lines.wholeContent(mail.content().size());
                return new Step(lines.octets(), Content.AS_IS);
            }
            if (!isChunked) {
                lines.line("DATA");
            }
        }
        return new Step(lines.octets(), Content.NONE);
    }

    /** @param isContentSent whether the content, if it was asked for, is all on its way */
    public Step onReply(Reply reply, boolean isContentSent) throws NotSmtpException {
        if (reply.code() / 100 == 3 && awaits != Awaits.DATA) {
            throw new NotSmtpException(reply.code() + " to " + awaits);
        }
        if (reply.code() == 421 && isMailAnswered) {
            isReusable = false;
            return over(mailRefusal == null ? reply : mailRefusal);
        }
        return switch (awaits) {
            case RSET -> onReset(reply);
            case MAIL -> onMail(reply);
            case RCPT -> onRecipient(reply);
            case DATA -> onData(reply);
            case END -> onEnd(reply, isContentSent);
            case NOTHING -> throw new NotSmtpException("a reply to nothing: " + reply.text());
        };
    }

    private Step onReset(Reply reply) {
        if (!reply.isPositive()) {
            isReusable = false;
            mailRefusal = reply;
            awaits = Awaits.NOTHING;
            return Step.WAIT;
        }
        awaits = Awaits.MAIL;
        return isPipelined ? Step.WAIT : mailGroup(new CommandLines());
    }

    private Step onMail(Reply reply) {
        if (reply.code() == 421) {
            isReusable = false;
            mailRefusal = reply;
            awaits = Awaits.NOTHING;
            return Step.WAIT;
        }
        isMailAnswered = true;
        if (!reply.isPositive()) {
            mailRefusal = reply;
            needsReset = true;
            if (!isPipelined) {
                return over(reply);
            }
        }
        awaits = Awaits.RCPT;
        return isPipelined
                ? Step.WAIT
                : say(new CommandLines().recipient(mail.recipients().get(0), server));
    }

    private Step onRecipient(Reply reply) {
        if (mailRefusal != null) {
            replies[index] = mailRefusal;
        } else if (reply.isPositive()) {
            accepted++;
        } else {
            replies[index] = reply;
            needsReset = true;
        }
        index++;
        if (index < named) {
            return isPipelined
                    ? Step.WAIT
                    : say(new CommandLines().recipient(mail.recipients().get(index), server));
        }
        return accepted == 0 ? afterNoRecipient() : afterRecipients();
    }

    private Step afterNoRecipient() {
        if (isEager) {
            isReusable = false;
            return over(null);
        }
        if (isPipelined && !isChunked) {
            awaits = Awaits.DATA;
            return Step.WAIT;
        }
        return over(null);
    }

    private Step afterRecipients() {
        if (isChunked) {
            awaits = Awaits.END;
            index = -1;
            return isEager
                    ? Step.WAIT
                    : new Step(
                            new CommandLines()
                                    .wholeContent(mail.content().size())
                                    .octets(),
                            Content.AS_IS);
        }
        awaits = Awaits.DATA;
        return isPipelined ? Step.WAIT : say(new CommandLines().line("DATA"));
    }

    private Step onData(Reply reply) throws NotSmtpException {
        if (reply.code() / 100 == 2) {
            throw new NotSmtpException(reply.code() + " to DATA");
        }
        if (accepted == 0) {
            // A server that says 354 to nobody waits for a content; it is cheaper to leave it than to send a dot.
            isReusable = reply.code() / 100 != 3;
            return over(null);
        }
        if (!reply.isPositive()) {
            needsReset = true;
            return over(reply);
        }
        awaits = Awaits.END;
        index = -1;
        return new Step(new byte[0], Content.DOTTED);
    }

    private Step onEnd(Reply reply, boolean isContentSent) throws NotSmtpException {
        if (!isContentSent) {
            isReusable = false;
            if (reply.isPositive()) {
                throw new NotSmtpException(reply.code() + " before the end of the content");
            }
            return over(reply);
        }
        needsReset = needsReset || !reply.isPositive();
        if (!isLmtp) {
            // The transaction is over either way: the buffers of the server are empty (RFC 5321 §4.1.1.4).
            needsReset = !reply.isPositive();
            return over(reply);
        }
        index = nextAccepted(index + 1);
        replies[index] = reply;
        return nextAccepted(index + 1) < named ? Step.WAIT : over(null);
    }

    private int nextAccepted(int from) {
        int next = from;
        while (next < named && replies[next] != null) {
            next++;
        }
        return next;
    }

    private Step over(@Nullable Reply rest) {
        if (rest != null) {
            for (int i = 0; i < replies.length; i++) {
                if (replies[i] == null) {
                    replies[i] = rest;
                }
            }
        }
        awaits = Awaits.NOTHING;
        return Step.WAIT;
    }

    private static Step say(CommandLines lines) {
        return new Step(lines.octets(), Content.NONE);
    }

    public Awaits awaits() {
        return awaits;
    }

    /** Whether {@link #replies()} can be asked for, or {@link #refusal()}. */
    public boolean isOver() {
        return awaits == Awaits.NOTHING;
    }

    /** Whether the server said a word about this mail. */
    public boolean isMailAnswered() {
        return isMailAnswered;
    }

    /** Once it is over, and MAIL was not answered: what the server said instead, 421 mostly. */
    public Reply refusal() {
        if (mailRefusal == null) {
            throw new IllegalStateException("MAIL was not refused");
        }
        return mailRefusal;
    }

    /** Once it is over: one for each recipient that was named, which are the first of them. */
    public List<Reply> replies() {
        return List.of(Arrays.copyOf(replies, replies.length, Reply[].class));
    }

    /** When the connection is lost: what is decided nevertheless; one for each recipient of the mail. */
    public List<Optional<Reply>> repliesSoFar() {
        List<Optional<Reply>> all = new ArrayList<>(mail.recipients().size());
        for (int i = 0; i < mail.recipients().size(); i++) {
            Reply own = i < named ? replies[i] : null;
            // MAIL was for all of them, even if the server did not care to answer to RCPT then.
            all.add(Optional.ofNullable(own == null && isMailAnswered ? mailRefusal : own));
        }
        return all;
    }

    /** Once it is over: whether the connection can carry another mail. */
    public boolean isReusable() {
        return isReusable;
    }

    /** Once it is over: whether RSET must go before the next mail. */
    public boolean needsReset() {
        return needsReset;
    }
}
