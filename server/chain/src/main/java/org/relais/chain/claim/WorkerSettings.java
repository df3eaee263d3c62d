package org.relais.chain.claim;

import java.time.Duration;

/**
 * How a stage is worked off.
 *
 * @param workers mails in work at the same time, at least 1
 * @param lease how long a claim lasts without being renewed, and how long a mail rests after a fault of ours
 */
public record WorkerSettings(int workers, Duration lease) {
    public static final Duration USUAL_LEASE = Duration.ofMinutes(5);

    public WorkerSettings {
        if (workers < 1) {
            throw new IllegalArgumentException("workers must be at least 1, was " + workers);
        }
        if (lease.compareTo(Duration.ZERO) <= 0) {
            throw new IllegalArgumentException("lease must be more than 0, was " + lease);
        }
    }

    public static WorkerSettings of(int workers) {
        return new WorkerSettings(workers, USUAL_LEASE);
    }
}
