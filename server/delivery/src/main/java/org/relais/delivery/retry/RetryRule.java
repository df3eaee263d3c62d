package org.relais.delivery.retry;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.relais.delivery.reply.ReplyClass;
import org.relais.delivery.schedule.DestinationPattern;

/**
 * The waits of some deferred mails.
 *
 * @param domain which recipients' domains
 * @param errors of which kind the last error was; empty: of any
 * @param youngerThan holds while the mail is younger than that; zero: whatever its age
 * @param waits before the second, third … attempt; the last one repeats
 * @param expiry how long after its acceptance the mail is given up; zero: as the table says
 */
public record RetryRule(
        DestinationPattern domain,
        Set<ReplyClass> errors,
        Duration youngerThan,
        List<Duration> waits,
        Duration expiry) {
    public RetryRule {
        errors = Set.copyOf(errors);
        waits = List.copyOf(waits);
        if (waits.isEmpty()
                || waits.stream().anyMatch(wait -> wait.isZero() || wait.isNegative())
                || youngerThan.isNegative()
                || expiry.isNegative()) {
            throw new IllegalArgumentException("a rule has at least one wait, and every wait is longer than nothing");
        }
    }

    boolean covers(String recipientDomain, ReplyClass error, Duration age) {
        return (errors.isEmpty() || errors.contains(error))
                && (youngerThan.isZero() || age.compareTo(youngerThan) < 0)
                && domain.matches(recipientDomain);
    }

    Duration waitAfter(int attempts) {
        return waits.get(Math.min(Math.max(attempts, 1), waits.size()) - 1);
    }
}
