package org.relais.mailets.relay;

import org.relais.model.EnhancedStatus;

/** What became of one forward-path in one delivery attempt. */
public sealed interface Outcome {
    /** Why, in words that a sender may read. */
    String text();

    EnhancedStatus status();

    /** The next hop took responsibility. */
    record Delivered(Reply reply) implements Outcome {
        @Override
        public String text() {
            return reply.text();
        }

        @Override
        public EnhancedStatus status() {
            return reply.status();
        }
    }

    /** Kept, and tried again. */
    record Deferred(EnhancedStatus status, String text) implements Outcome {
        public Deferred {
            text = Reply.line(text);
        }
    }

    /** Given up: a bounce is due. */
    record Failed(EnhancedStatus status, String text) implements Outcome {
        public Failed {
            text = Reply.line(text);
        }
    }

    /** The outcome that a refusing reply stands for; anything but a 5xx is worth another attempt. */
    static Outcome refused(Reply reply) {
        return reply.isPermanent()
                ? new Failed(reply.status(), reply.text())
                : new Deferred(reply.status(), reply.text());
    }
}
