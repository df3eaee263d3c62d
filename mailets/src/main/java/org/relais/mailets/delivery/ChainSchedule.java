package org.relais.mailets.delivery;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.relais.delivery.Outcome;
import org.relais.delivery.engine.Retries;

/**
 * The retry schedule that a chain written for James gives: so many attempts, whatever the age.
 *
 * @param delays after the first, second … attempt; the last one repeats
 * @param mostAttempts no further attempt is made after this many
 */
record ChainSchedule(List<Duration> delays, int mostAttempts) implements Retries {
    /** What lies further off is no time to tell anybody. */
    private static final double FORESEEN_SECONDS = Duration.ofDays(3650).toSeconds();

    ChainSchedule {
        delays = List.copyOf(delays);
        if (delays.isEmpty() || delays.stream().anyMatch(Duration::isNegative)) {
            throw new IllegalArgumentException("delayTime must be delays that are not negative, were: " + delays);
        }
        if (mostAttempts < 1) {
            throw new IllegalArgumentException("maxRetries must not be negative");
        }
    }

    @Override
    public Optional<Duration> after(String domain, Outcome outcome, int attempts, Duration age) {
        return attempts >= mostAttempts
                ? Optional.empty()
                : Optional.of(delays.get(Math.min(Math.max(attempts, 1), delays.size()) - 1));
    }

    /** The age of the last attempt, if each takes no time. */
    @Override
    public Optional<Duration> expiry(String domain, Outcome outcome, Duration age) {
        int waits = mostAttempts - 1;
        int listed = Math.min(waits, delays.size());
        Duration repeated = delays.get(delays.size() - 1);
        int repetitions = waits - listed;
        if ((double) repeated.toSeconds() * repetitions > FORESEEN_SECONDS) {
            return Optional.empty();
        }
        Duration sum = delays.subList(0, listed).stream().reduce(Duration.ZERO, Duration::plus);
        return Optional.of(sum.plus(repeated.multipliedBy(repetitions)));
    }
}
