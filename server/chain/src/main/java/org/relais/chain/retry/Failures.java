package org.relais.chain.retry;

import java.time.Instant;

/**
 * How often the same step failed for the same mail, and since when.
 *
 * @param count at least 1
 */
public record Failures(int count, Instant since) {
    public Failures {
        if (count < 1) {
            throw new IllegalArgumentException("count must be at least 1, was " + count);
        }
    }

    public static Failures first(Instant now) {
        return new Failures(1, now);
    }

    public Failures oneMore() {
        return new Failures(count + 1, since);
    }
}
