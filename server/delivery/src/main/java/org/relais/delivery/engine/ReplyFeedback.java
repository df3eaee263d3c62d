package org.relais.delivery.engine;

import java.util.List;
import org.relais.delivery.reply.ReplyClassifier;
import org.relais.delivery.schedule.Feedback;
import org.relais.model.Reply;
import org.relais.smtpclient.TransactionResult.Cause;
import org.relais.smtpclient.TransactionResult.Unavailable;

/** What the replies to one mail say about the server as a whole. */
final class ReplyFeedback {
    private static final int CLOSING = 421;

    private ReplyFeedback() {}

    static Feedback of(List<Reply> replies) {
        Feedback all = new Feedback.Good();
        for (Reply reply : replies) {
            if (ReplyClassifier.feedback(reply) instanceof Feedback.Less less) {
                if (less.isExplicit()) {
                    return less;
                }
                all = less;
            }
        }
        return all;
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
