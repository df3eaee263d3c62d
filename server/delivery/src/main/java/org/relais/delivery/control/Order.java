package org.relais.delivery.control;

import java.time.Instant;
import java.util.Optional;

/**
 * What somebody ordered for a selection of mails.
 *
 * @param number by which it is ended
 * @param via empty: the mails are suspended; else {@code smtp://host:port}, where they go instead
 * @param who ordered it
 * @param until empty: until it is ended
 */
public record Order(
        long number,
        Selection selection,
        Optional<String> via,
        String reason,
        String who,
        Instant since,
        Optional<Instant> until) {
    public static final int LONGEST_TEXT = 1000;

    public Order {
        if (reason.isBlank() || reason.length() > LONGEST_TEXT || who.length() > LONGEST_TEXT) {
            throw new IllegalArgumentException("a reason has 1 to " + LONGEST_TEXT + " characters");
        }
    }

    public boolean isSuspension() {
        return via.isEmpty();
    }

    boolean hasEnded(Instant now) {
        return until.isPresent() && !now.isBefore(until.get());
    }
}
