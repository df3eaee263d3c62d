package org.relais.delivery.engine;

import java.time.Duration;
import java.util.Optional;
import org.relais.delivery.Outcome;

/** When what was deferred is tried again. Called by many threads. */
@FunctionalInterface
public interface Retries {

    /**
     * The delay until the next attempt.
     *
     * @param domain of the forward-path
     * @param outcome of the attempt that was made last
     * @param attempts made so far, at least 1
     * @param age since the mail was accepted
     * @return empty: it has expired
     */
    Optional<Duration> after(String domain, Outcome outcome, int attempts, Duration age);

    /**
     * The age at which a mail is given up whose attempts go on to end like this one.
     *
     * @return empty: that cannot be said ahead
     */
    default Optional<Duration> expiry(String domain, Outcome outcome, Duration age) {
        return Optional.empty();
    }
}
