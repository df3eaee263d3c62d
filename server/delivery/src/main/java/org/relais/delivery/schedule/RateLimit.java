package org.relais.delivery.schedule;

import java.time.Duration;
import java.time.Instant;

/**
 * At most {@code mails} starts within any half-open period {@code per}, by one instant (the generic cell rate
 * algorithm). A tenth of them may go at once; the others are spread, so that a burst at the end of one period and one
 * at the begin of the next do not add up. For one thread.
 */
final class RateLimit {
    private final SchedulePolicy.Rate rate;
    private final Duration interval;
    private final Duration tolerance;
    private Instant theoretical = Instant.MIN;

    RateLimit(SchedulePolicy.Rate rate) {
        this.rate = rate;
        int burst = 1 + (rate.mails() - 1) / 10;
        // Within a half-open period W of cells at T apart, a burst of b lets at most b - 1 + ceil(W / T) through.
        long nanos = -Math.floorDiv(-rate.per().toNanos(), (long) rate.mails() - burst + 1);
        this.interval = Duration.ofNanos(nanos);
        this.tolerance = interval.multipliedBy(burst - 1L);
    }

    /** When the next mail may start; that is past if it may start now. */
    Instant next() {
        return theoretical.equals(Instant.MIN) ? theoretical : theoretical.minus(tolerance);
    }

    void started(Instant now) {
        theoretical = (theoretical.isAfter(now) ? theoretical : now).plus(interval);
    }

    /** From when on the limit is as good as new. */
    Instant forgottenAt() {
        return theoretical;
    }

    @Override
    public String toString() {
        return rate.mails() + " mails per " + Words.duration(rate.per());
    }
}
