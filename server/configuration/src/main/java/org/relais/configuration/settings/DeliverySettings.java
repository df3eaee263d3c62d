package org.relais.configuration.settings;

import java.time.Duration;
import java.util.List;

/**
 * How mail is handed to other hosts.
 *
 * @param retrySchedule the waits between attempts, at least one; the last repeats until the mail expires
 * @param expiry how long after its acceptance a deferred mail is bounced
 * @param concurrency how many mails may be under way to one destination
 * @param connections how many mails may be under way in all
 * @param warnAfter the age at which a deferred mail's sender is told of the delay, once; zero: never
 * @param bounceLanguage of notifications
 * @param retries the first that is for a mail holds; none: the built-in ones
 * @param rates the first that names a destination holds
 * @param bounceSender the address in the From field of a bounce (its reverse-path is null), with its domain
 */
public record DeliverySettings(
        List<Duration> retrySchedule,
        Duration expiry,
        int concurrency,
        int connections,
        Duration warnAfter,
        String bounceSender,
        BounceLanguage bounceLanguage,
        List<RetrySettings> retries,
        List<RateSettings> rates) {
    public DeliverySettings {
        retrySchedule = List.copyOf(retrySchedule);
        retries = List.copyOf(retries);
        rates = List.copyOf(rates);
        if (retrySchedule.isEmpty()) {
            throw new IllegalArgumentException("a retry schedule has at least one wait");
        }
    }
}
