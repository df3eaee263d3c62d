package org.relais.smtpclient;

import java.util.List;
import java.util.Optional;
import org.relais.model.EnhancedStatus;
import org.relais.model.Reply;

/** What came of a transaction. */
public sealed interface TransactionResult {
    SessionInfo session();

    /**
     * The server decided, for each recipient.
     *
     * @param replies one for each recipient, in their order: that to RCPT where it refused, else that to the content
     */
    record Answered(List<Reply> replies, SessionInfo session) implements TransactionResult {
        public Answered {
            replies = List.copyOf(replies);
        }
    }

    /**
     * No mail was handed over, and nothing was said about this mail: the host as a whole is not to be had, and another
     * one may be tried at once.
     *
     * @param text why, for people; the server's reply where it gave one
     * @param code of that reply, 0 without one
     */
    record Unavailable(Cause cause, int code, String text, SessionInfo session) implements TransactionResult {}

    /**
     * The connection was lost in the middle of the transaction, or the server fell silent, or answered nonsense. Where
     * {@code isInDoubt}, the whole content had been sent: the server may have taken the mail, and to send it again may
     * double it (RFC 5321 §6.1).
     *
     * @param replies one for each recipient, in their order; empty where the server had not decided: what it said before
     *     stands, refusals of RCPT, replies of LMTP, and transactions before the last where LIMITS asked for several
     */
    record Interrupted(boolean isInDoubt, String text, List<Optional<Reply>> replies, SessionInfo session)
            implements TransactionResult {
        public Interrupted {
            replies = List.copyOf(replies);
        }
    }

    /** This server cannot take this mail unaltered, and nothing was sent: {@code 5.6.3} and the like. */
    record Unsendable(EnhancedStatus status, String text, SessionInfo session) implements TransactionResult {}

    /** Why a host is not to be had. */
    enum Cause {
        /** No connection: refused, unreachable, timed out. */
        CONNECT,
        /** No room for one more connection within the deadline. */
        NO_ROOM,
        /** The greeting or EHLO was refused, was not SMTP, or did not come. */
        GREETING,
        /** The policy asks for TLS, and there is none that satisfies it. */
        TLS,
        /** AUTH was refused, or is not offered. */
        AUTH,
        /** 421, or closed, before MAIL was accepted. */
        CLOSED
    }
}
