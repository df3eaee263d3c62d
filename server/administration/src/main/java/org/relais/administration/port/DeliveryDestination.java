package org.relais.administration.port;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Delivery to one destination at this moment.
 *
 * @param name a domain, or {@code smtp://smart.example.net:587}
 * @param queued jobs that wait in memory
 * @param parked envelopes that are due and wait in the spool
 * @param running jobs under way
 * @param concurrency how many may be under way at once now
 * @param decision the last decision with its cause: {@code concurrency 20 → 5: 421 4.7.28 ×12 in 60 s}; empty: none
 * @param until until when it holds; {@code null}: it has no end, or there is none
 */
public record DeliveryDestination(
        String name,
        long queued,
        long parked,
        long running,
        long concurrency,
        String decision,
        @Nullable Instant until) {}
