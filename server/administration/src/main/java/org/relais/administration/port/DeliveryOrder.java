package org.relais.administration.port;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What an operator ordered for a while.
 *
 * @param id names it as long as it is in force
 * @param via where to; {@code null}: nowhere, delivery is suspended
 * @param until {@code null}: until it is ended
 */
public record DeliveryOrder(
        String id,
        DeliverySelection selection,
        @Nullable Via via,
        String reason,
        Instant since,
        @Nullable Instant until) {

    public boolean isSuspension() {
        return via == null;
    }
}
