package org.relais.delivery;

import org.relais.model.EnhancedStatus;
import org.relais.model.Reply;

/** What became of one forward-path in one delivery attempt. */
public sealed interface Outcome {
    EnhancedStatus status();

    /** Why, in words that a sender may read, on one line; the remote MTA's reply with its code where there is one. */
    String text();

    /** The next hop took responsibility. */
    record Delivered(EnhancedStatus status, String text) implements Outcome {
        public Delivered {
            text = Reply.line(text);
        }
    }

    /** Kept, and tried again. */
    record Deferred(EnhancedStatus status, String text) implements Outcome {
        public Deferred {
            text = Reply.line(text);
        }
    }

    /** Given up: its sender is told. */
    record Failed(EnhancedStatus status, String text) implements Outcome {
        public Failed {
            text = Reply.line(text);
        }
    }

    /** The outcome that a reply stands for; what is neither 2xx nor 5xx is worth another attempt. */
    static Outcome of(Reply reply) {
        if (reply.isPositive()) {
            return new Delivered(reply.status(), reply.text());
        }
        return reply.isPermanent()
                ? new Failed(reply.status(), reply.text())
                : new Deferred(reply.status(), reply.text());
    }
}
