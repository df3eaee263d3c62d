package org.relais.delivery.engine;

import java.util.List;
import org.relais.delivery.schedule.Feedback;
import org.relais.model.Reply;
import org.relais.smtpclient.TransactionResult.Cause;
import org.relais.smtpclient.TransactionResult.Unavailable;

/** What the replies to one mail say about the server as a whole. */
final class ReplyFeedback {
    private static final int CLOSING = 421;
    private static final int RATE_SUBJECT = 7;

    private ReplyFeedback() {}

    static Feedback of(List<Reply> replies) {
        for (Reply reply : replies) {
            if (asksForLess(reply)) {
                return new Feedback.Less(reply.text());
            }
        }
        return new Feedback.Good();
    }

    private static boolean asksForLess(Reply reply) {
        return reply.code() == CLOSING
                || (reply.code() >= 400
                        && !reply.isPermanent()
                        && reply.status().subject() == RATE_SUBJECT);
    }

    /** A server that answers is not dead, however little it wants of us. */
    static Feedback of(Unavailable unavailable) {
        if (unavailable.cause() == Cause.NO_ROOM) {
            return new Feedback.None();
        }
        return unavailable.code() == CLOSING
                ? new Feedback.Less(unavailable.text())
                : new Feedback.Dead(unavailable.text());
    }
}
