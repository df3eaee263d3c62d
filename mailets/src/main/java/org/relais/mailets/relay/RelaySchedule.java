package org.relais.mailets.relay;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * When a deferred mail is tried again, and when it is given up.
 *
 * @param delays after the first, second … attempt; the last one repeats
 * @param mostAttempts no further attempt is made after this many
 * @param expireAfter no further attempt is made this long after the mail was handed to delivery
 */
public record RelaySchedule(List<Duration> delays, int mostAttempts, Duration expireAfter) {
    /** Five minutes, growing to four hours, for five days (RFC 5321 §4.5.4.1). */
    public static final RelaySchedule STANDARD = new RelaySchedule(
            List.of(
                    Duration.ofMinutes(5),
                    Duration.ofMinutes(10),
                    Duration.ofMinutes(20),
                    Duration.ofMinutes(40),
                    Duration.ofMinutes(80),
                    Duration.ofMinutes(160),
                    Duration.ofHours(4)),
            Integer.MAX_VALUE,
            Duration.ofDays(5));

    public RelaySchedule {
        delays = List.copyOf(delays);
        if (delays.isEmpty()) {
            throw new IllegalArgumentException("a retry schedule needs at least one delay");
        }
        if (delays.stream().anyMatch(Duration::isNegative)) {
            throw new IllegalArgumentException("delays must not be negative: " + delays);
        }
        if (mostAttempts < 1) {
            throw new IllegalArgumentException("mostAttempts must be at least 1, was " + mostAttempts);
        }
    }

    /** The delay after {@code attempts} attempts at a mail of this {@code age}; empty when it has expired. */
    public Optional<Duration> next(int attempts, Duration age) {
        if (attempts >= mostAttempts || age.compareTo(expireAfter) >= 0) {
            return Optional.empty();
        }
        return Optional.of(delays.get(Math.min(Math.max(attempts, 1), delays.size()) - 1));
    }
}
