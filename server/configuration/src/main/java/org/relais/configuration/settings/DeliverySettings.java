package org.relais.configuration.settings;

import java.time.Duration;
import java.util.List;

/**
 * How mail is handed to other hosts.
 *
 * @param retrySchedule the waits between attempts, at least one; the last repeats until the mail expires
 * @param expiry how long after its acceptance a deferred mail is bounced
 * @param threads how many mails are being handed over at the same time
 * @param bounceSender the address in the From field of a bounce (its reverse-path is null), with its domain
 */
public record DeliverySettings(List<Duration> retrySchedule, Duration expiry, int threads, String bounceSender) {
    public DeliverySettings {
        retrySchedule = List.copyOf(retrySchedule);
        if (retrySchedule.isEmpty()) {
            throw new IllegalArgumentException("a retry schedule has at least one wait");
        }
    }
}
