package org.relais.administration.port;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One envelope in the spool.
 *
 * @param number greater than that of every earlier one
 * @param size octets of its message; -1 if that is not known
 * @param sender the reverse-path; empty: the null reverse-path
 * @param recipient the forward-path
 * @param stage {@code chain} or {@code delivery}
 * @param nextAttempt of a waiting one
 * @param removed when, of a removed one
 * @param origin why it exists: {@code accepted}, {@code dsn} …
 */
public record QueuedEnvelope(
        String queueId,
        long number,
        String stage,
        Status status,
        Instant created,
        Instant nextAttempt,
        @Nullable Instant removed,
        long size,
        String sender,
        String recipient,
        int attempts,
        int priority,
        String origin,
        String reason) {

    /** What it is doing. */
    public enum Status {
        DUE("due"),
        WAITING("waiting"),
        IN_WORK("in work"),
        HELD("held"),
        REMOVED("removed");

        private final String word;

        Status(String word) {
            this.word = word;
        }

        public String word() {
            return word;
        }
    }
}
