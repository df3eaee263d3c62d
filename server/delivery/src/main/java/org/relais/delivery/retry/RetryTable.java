package org.relais.delivery.retry;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.relais.delivery.reply.ReplyClass;
import org.relais.delivery.schedule.DestinationPattern;

/**
 * When a deferred mail is tried again. The first rule that covers its domain, the kind of its last error and its age
 * says how long it waits; {@code docs/delivery.md} shows the rules of a home without any of its own. The last wait is
 * cut, so that there is one more attempt right before the mail expires. For one thread, unless {@code random} is for
 * more.
 */
public final class RetryTable {
    private static final DestinationPattern ALL = new DestinationPattern("*");
    private static final Duration LEAST = Duration.ofMillis(1);

    private final List<RetryRule> rules;
    private final Duration expiry;
    private final Duration warnAfter;
    private final double jitter;
    private final RandomGenerator random;

    /**
     * @param rules in their order; the last one has to cover everything
     * @param expiry where the rule has none of its own
     * @param warnAfter the age at which the sender is told of the delay, once; zero: never
     * @param jitter each wait is up to that part of it shorter or longer, 0 to 0.5
     */
    public RetryTable(
            List<RetryRule> rules, Duration expiry, Duration warnAfter, double jitter, RandomGenerator random) {
        this.rules = List.copyOf(rules);
        this.expiry = expiry;
        this.warnAfter = warnAfter;
        this.jitter = jitter;
        this.random = random;
        RetryRule last = rules.get(rules.size() - 1);
        if (!last.errors().isEmpty()
                || !last.domain().equals(ALL)
                || !last.youngerThan().isZero()) {
            throw new IllegalArgumentException("the last rule covers everything");
        }
        if (!(jitter >= 0 && jitter <= 0.5)) {
            throw new IllegalArgumentException("jitter must be 0 to 0.5, was " + jitter);
        }
    }

    /**
     * A home's rules, then the built-in ones, then the home's schedule for all the rest.
     *
     * @param own the {@code <retry>} elements
     * @param schedule {@code <retrySchedule>}
     */
    public static List<RetryRule> rules(List<RetryRule> own, List<Duration> schedule) {
        List<RetryRule> rules = new ArrayList<>(own);
        rules.add(new RetryRule(ALL, Set.of(ReplyClass.GREYLISTED), Duration.ofHours(1), minutes(5), Duration.ZERO));
        rules.add(new RetryRule(
                ALL, Set.of(ReplyClass.MAILBOX_FULL), Duration.ZERO, minutes(60, 120, 240, 480), Duration.ZERO));
        rules.add(new RetryRule(ALL, Set.of(), Duration.ZERO, schedule, Duration.ZERO));
        return List.copyOf(rules);
    }

    private static List<Duration> minutes(long... minutes) {
        List<Duration> waits = new ArrayList<>();
        for (long wait : minutes) {
            waits.add(Duration.ofMinutes(wait));
        }
        return waits;
    }

    /**
     * How long to wait for the next attempt; empty: the mail has expired.
     *
     * @param attempts that failed, at least one
     * @param age since the mail was accepted
     */
    public Optional<Duration> next(String domain, ReplyClass error, int attempts, Duration age) {
        RetryRule rule = rule(domain, error, age);
        Duration left = expiryOf(rule).minus(age);
        if (left.isNegative() || left.isZero()) {
            return Optional.empty();
        }
        Duration wait = rule.waitAfter(attempts);
        long moved = (long) (wait.toNanos() * jitter * (2 * random.nextDouble() - 1));
        Duration jittered = wait.plusNanos(moved);
        Duration next = jittered.compareTo(left) < 0 ? jittered : left;
        return Optional.of(next.compareTo(LEAST) < 0 ? LEAST : next);
    }

    /** The age at which a mail is given up that is {@code age} old, if its attempts go on to end like that. */
    public Duration expiry(String domain, ReplyClass error, Duration age) {
        Duration until = expiryOf(rule(domain, error, age));
        // A rule for younger mails may no longer hold by then; each turn leaves such a rule behind.
        for (int turns = 0; turns < rules.size(); turns++) {
            Duration later = expiryOf(rule(domain, error, until));
            if (later.compareTo(until) <= 0) {
                return until;
            }
            until = later;
        }
        return until;
    }

    private RetryRule rule(String domain, ReplyClass error, Duration age) {
        return rules.stream()
                .filter(candidate -> candidate.covers(domain, error, age))
                .findFirst()
                .orElseThrow();
    }

    private Duration expiryOf(RetryRule rule) {
        return rule.expiry().isZero() ? expiry : rule.expiry();
    }

    /** When the sender is told of the delay, once; empty: never. */
    public Optional<Duration> warnAfter() {
        return warnAfter.isZero() ? Optional.empty() : Optional.of(warnAfter);
    }
}
