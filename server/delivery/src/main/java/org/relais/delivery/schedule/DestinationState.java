package org.relais.delivery.schedule;

import java.time.Instant;
import java.util.Optional;

/**
 * A destination at this moment.
 *
 * @param queued jobs in memory that wait
 * @param parked envelopes that are due and stand in the spool
 * @param running jobs under way
 * @param concurrency how many jobs may run at once now
 * @param until until when the last decision holds, where it has an end
 * @param decision the last decision, for people: {@code concurrency 20 → 5: 421 4.7.28 ×12 in 60 s}; empty: none
 */
public record DestinationState(
        String destination,
        int queued,
        int parked,
        int running,
        int concurrency,
        Optional<Instant> until,
        String decision) {}
