package org.relais.administration.port;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which envelopes are meant: those that fulfil every condition; {@code null} and empty are none.
 *
 * @param ids queue ids, of which any may be the envelope's; at most {@value #MOST_IDS}
 * @param destination the forward-path's domain
 * @param sender the reverse-path; empty text: the null reverse-path
 * @param recipient the forward-path
 * @param reason a part of it
 * @param older came at least so long ago
 * @param newer came at most so long ago
 * @param isHeld only those that are held one by one
 * @param isRemoved only those that were removed; otherwise only those that were not
 * @param asOf only those that came before; {@code null}: now
 */
public record QueueSelection(
        List<String> ids,
        @Nullable Stage stage,
        @Nullable String destination,
        @Nullable String sender,
        @Nullable String recipient,
        @Nullable String reason,
        @Nullable Duration older,
        @Nullable Duration newer,
        boolean isHeld,
        boolean isRemoved,
        @Nullable Instant asOf) {
    public static final int MOST_IDS = 100;

    /** Everything that was not removed. */
    public static final QueueSelection ALL =
            new QueueSelection(List.of(), null, null, null, null, null, null, null, false, false, null);

    public QueueSelection {
        ids = List.copyOf(ids);
    }

    /** Where an envelope waits. */
    public enum Stage {
        CHAIN,
        DELIVERY
    }

    /** The same of removed envelopes, or of others. */
    public QueueSelection withRemoved(boolean wanted) {
        return new QueueSelection(
                ids, stage, destination, sender, recipient, reason, older, newer, isHeld, wanted, asOf);
    }

    public QueueSelection withIds(List<String> wanted) {
        return new QueueSelection(
                wanted, stage, destination, sender, recipient, reason, older, newer, isHeld, isRemoved, asOf);
    }
}
