package org.relais.chain.retry;

import java.time.Duration;
import java.time.Instant;

/**
 * The delays between attempts at a step that fails: doubling from the first to the longest, until it expires.
 *
 * @param first before the second attempt
 * @param longest no delay is longer
 * @param expireAfter since the first failure; then the mail goes to the processor {@code error}
 */
public record RetrySchedule(Duration first, Duration longest, Duration expireAfter) {
    /** One minute, doubling up to an hour, for five days. */
    public static final RetrySchedule STANDARD =
            new RetrySchedule(Duration.ofMinutes(1), Duration.ofHours(1), Duration.ofDays(5));

    public RetrySchedule {
        check(first.compareTo(Duration.ZERO) > 0, "first delay must be more than 0, was " + first);
        check(longest.compareTo(first) >= 0, "longest delay must be at least the first, was " + longest);
        check(expireAfter.compareTo(first) > 0, "expiry must exceed the first delay, was " + expireAfter);
    }

    /** The delay after the {@code failures}-th failure, from 1. */
    public Duration delayAfter(int failures) {
        Duration delay = first;
        for (int i = 1; i < failures && delay.compareTo(longest) < 0; i++) {
            delay = delay.multipliedBy(2);
        }
        return delay.compareTo(longest) < 0 ? delay : longest;
    }

    public boolean isExpired(Failures failures, Instant now) {
        return !now.isBefore(failures.since().plus(expireAfter));
    }

    private static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
