package org.relais.spool;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.relais.model.QueueId;

/**
 * The delivery state of one forward-path.
 *
 * @param message the bytes to deliver, perhaps shared with other envelopes
 * @param created when it came into the spool, in the spool's time
 * @param removed when an operator removed it; {@code null} while it lives
 * @param details what its holder decided last
 */
public record Envelope(
        EnvelopeId id,
        MessageId message,
        Origin origin,
        Instant created,
        @Nullable Instant removed,
        EnvelopeDetails details) {

    public QueueId queueId() {
        return details.queueId();
    }

    public Stage stage() {
        return details.stage();
    }

    public boolean isRemoved() {
        return removed != null;
    }

    public Envelope with(EnvelopeDetails changed) {
        return new Envelope(id, message, origin, created, removed, changed);
    }

    public Envelope withMessage(MessageId changed) {
        return new Envelope(id, changed, origin, created, removed, details);
    }

    public Envelope withRemoved(@Nullable Instant changed) {
        return new Envelope(id, message, origin, created, changed, details);
    }
}
