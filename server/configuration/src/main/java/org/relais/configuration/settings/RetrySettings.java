package org.relais.configuration.settings;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * When some deferred mails are tried again.
 *
 * @param domain which recipients' domains; a star stands for any characters
 * @param error of which kind the last error was; null: of any
 * @param youngerThan holds for mail that is younger; null: whatever its age
 * @param schedule the waits between attempts, at least one; the last one repeats
 * @param expiry null: as for all mail
 * @param line where relais.xml names it
 */
public record RetrySettings(
        String domain,
        @Nullable DeliveryError error,
        @Nullable Duration youngerThan,
        List<Duration> schedule,
        @Nullable Duration expiry,
        int line) {
    public RetrySettings {
        schedule = List.copyOf(schedule);
        if (schedule.isEmpty()) {
            throw new IllegalArgumentException("a retry schedule has at least one wait");
        }
    }
}
