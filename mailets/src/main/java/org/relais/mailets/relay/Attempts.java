package org.relais.mailets.relay;

import java.time.Duration;
import java.time.Instant;

/**
 * How often delivery of a mail was tried.
 *
 * @param count attempts made so far, from 0
 * @param since when the mail was handed to delivery
 */
public record Attempts(int count, Instant since) {
    public static Attempts none(Instant now) {
        return new Attempts(0, now);
    }

    public Attempts oneMore() {
        return new Attempts(count + 1, since);
    }

    public Duration age(Instant now) {
        Duration age = Duration.between(since, now);
        return age.isNegative() ? Duration.ZERO : age;
    }
}
