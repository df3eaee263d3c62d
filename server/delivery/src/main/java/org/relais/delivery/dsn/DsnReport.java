package org.relais.delivery.dsn;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.relais.model.EnhancedStatus;

/**
 * What one DSN tells (RFC 3464 §2).
 *
 * @param queueId under which the mail was accepted
 * @param envid as the sender gave it, in xtext; empty: not given
 * @param reversePath whom it is for, without angle brackets; not empty
 * @param introduction what stands first in the text for people; empty: the usual words
 * @param recipients at least one, all of the same action
 */
public record DsnReport(
        String queueId,
        Instant arrived,
        String envid,
        String reversePath,
        String introduction,
        List<Recipient> recipients) {

    public DsnReport {
        recipients = List.copyOf(recipients);
        if (recipients.isEmpty() || reversePath.isEmpty()) {
            throw new IllegalArgumentException("a DSN has somebody to tell, and something");
        }
    }

    Action action() {
        return recipients.get(0).action();
    }

    /** RFC 3464 §2.3.3. */
    public enum Action {
        FAILED,
        DELAYED,
        DELIVERED,
        RELAYED,
        EXPANDED;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * @param orcpt as the sender gave it: type, semicolon, xtext; empty: not given
     * @param remoteMta the host that replied; empty: none did
     * @param text the reply with its code, or our own words
     * @param retryUntil of {@link Action#DELAYED}
     */
    public record Recipient(
            String forwardPath,
            String orcpt,
            Action action,
            EnhancedStatus status,
            String remoteMta,
            String text,
            Optional<Instant> lastAttempt,
            Optional<Instant> retryUntil) {}
}
