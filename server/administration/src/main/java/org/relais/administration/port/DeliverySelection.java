package org.relais.administration.port;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which mail an order is about: what fulfils every condition, also what comes later; {@code null} and empty are none,
 * but one there is.
 *
 * @param destination the forward-path's domain, or a destination as {@link DeliveryAdministration#destinations} names it
 * @param sender the reverse-path; empty text: the null reverse-path
 * @param recipient the forward-path
 * @param ids queue ids, of which any may be the mail's; at most {@value #MOST_IDS}
 */
public record DeliverySelection(
        @Nullable String destination,
        @Nullable String sender,
        @Nullable String recipient,
        List<String> ids) {
    public static final int MOST_IDS = QueueSelection.MOST_IDS;

    public DeliverySelection {
        ids = List.copyOf(ids);
        if (destination == null && sender == null && recipient == null && ids.isEmpty()) {
            throw new IllegalArgumentException("a selection has a condition");
        }
    }
}
