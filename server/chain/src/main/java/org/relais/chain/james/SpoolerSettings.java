package org.relais.chain.james;

import java.time.Duration;

/**
 * How the spool is worked off.
 *
 * @param workers mails processed at the same time, at least 1
 * @param drain how long a stop waits for mails that are being processed
 */
public record SpoolerSettings(int workers, Duration drain) {
    public static final SpoolerSettings STANDARD = new SpoolerSettings(20, Duration.ofSeconds(8));

    public SpoolerSettings {
        if (workers < 1) {
            throw new IllegalArgumentException("workers must be at least 1, was " + workers);
        }
        if (drain.isNegative()) {
            throw new IllegalArgumentException("drain must not be negative, was " + drain);
        }
    }
}
