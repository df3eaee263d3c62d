package org.relais.delivery.schedule;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * How many jobs may run at once to one destination, by what the last ones came to. It begins low and rises by one with
 * each success until the first fall, from then on by one with each round of successes. It halves when the destination
 * asks for less, once per <em>cohort</em>: the jobs that were under way at a fall say nothing new. A destination that
 * asks for less than one job, or of which three cohorts found no host, is <em>paused</em>: one job at growing
 * intervals finds out whether it is back. For one thread.
 */
final class Concurrency {
    private static final Duration WINDOW = Duration.ofSeconds(60);
    private static final int MOST_COUNTED = 1000;
    private static final int DEAD_AFTER = 3;
    /** Answers that are counted before it is said that most of them are deferrals. */
    private static final int LEAST_ANSWERS = 10;

    private static final Duration REMEMBERED = Duration.ofHours(1);

    /** How long an idle destination keeps what it has risen or fallen to. */
    private static final Duration LEARNT = Duration.ofMinutes(10);

    /** @param text of the decision, without its end */
    record Decision(String text, Optional<Instant> until) {}

    private final SchedulePolicy policy;
    private final RandomGenerator random;
    private final ArrayDeque<Instant> asked = new ArrayDeque<>();
    private int limit;
    private int risenFrom;
    private int taken;
    private int goodSinceRise;
    private boolean hasFallen;
    private int falls;
    private Instant holdUntil = Instant.MIN;
    private Instant lastEnd = Instant.MIN;
    /** Jobs under way that were started before the last decision. */
    private int ofOldCohort;

    private int deadCohorts;
    private int answers;
    private int deferrals;
    private @Nullable Instant probeAt;
    private Duration pause = Duration.ZERO;
    private String pausedFor = "";

    Concurrency(SchedulePolicy policy, RandomGenerator random) {
        this.policy = policy;
        this.random = random;
        this.limit = policy.initial();
        this.risenFrom = limit;
    }

    /** How many may run now. */
    int limit(Instant now) {
        if (probeAt == null) {
            return limit;
        }
        return now.isBefore(probeAt) ? 0 : 1;
    }

    /** When the next probe may start, where the destination is paused. */
    @Nullable
    Instant probeAt() {
        return probeAt;
    }

    String pausedFor() {
        return pausedFor;
    }

    /** From when on nothing is lost when this is forgotten. */
    Instant settledAt() {
        if (probeAt != null) {
            return probeAt.plus(pause.compareTo(REMEMBERED) > 0 ? pause : REMEMBERED);
        }
        boolean hasLearnt = !lastEnd.equals(Instant.MIN) && (limit >= 2 * policy.initial() || limit < policy.initial());
        Instant learnt = hasLearnt ? lastEnd.plus(LEARNT) : holdUntil;
        return learnt.isAfter(holdUntil) ? learnt : holdUntil;
    }

    /** @param running jobs that are still under way */
    Optional<Decision> ended(Feedback feedback, int running, Instant now) {
        lastEnd = now;
        boolean isOld = ofOldCohort > 0;
        if (isOld) {
            ofOldCohort--;
        }
        if (feedback instanceof Feedback.Good) {
            return good(now);
        } else if (feedback instanceof Feedback.Less less) {
            return less(less, isOld, running, now);
        } else if (feedback instanceof Feedback.Dead dead) {
            return isOld ? Optional.empty() : dead(dead.cause(), running, now);
        }
        return Optional.empty();
    }

    private Optional<Decision> good(Instant now) {
        deadCohorts = 0;
        answered(false);
        if (probeAt != null) {
            return Optional.of(reopened());
        }
        taken++;
        if (limit >= policy.mostPerDestination() || now.isBefore(holdUntil)) {
            return Optional.empty();
        }
        goodSinceRise++;
        if (goodSinceRise < (hasFallen ? limit : 1)) {
            return Optional.empty();
        }
        goodSinceRise = 0;
        limit++;
        falls = 0;
        pause = Duration.ZERO;
        if (limit < policy.mostPerDestination()) {
            return Optional.empty();
        }
        var decision = new Decision(change(risenFrom) + taken + " mails taken", Optional.empty());
        risenFrom = limit;
        return Optional.of(decision);
    }

    private Optional<Decision> less(Feedback.Less less, boolean isOld, int running, Instant now) {
        asked(now);
        deadCohorts = 0;
        answered(true);
        if (!less.isExplicit()) {
            if (probeAt != null) {
                return Optional.of(reopened());
            }
            boolean areMost = answers >= Math.max(LEAST_ANSWERS, limit) && 2 * deferrals >= answers;
            return isOld || !areMost || limit == 1 ? Optional.empty() : Optional.of(fall(less.cause(), running, now));
        }
        if (isOld) {
            return Optional.empty();
        }
        return Optional.of(
                limit == 1 || probeAt != null
                        ? paused("paused: " + counted(less.cause()), running, now)
                        : fall(less.cause(), running, now));
    }

    private Optional<Decision> dead(String cause, int running, Instant now) {
        deadCohorts++;
        if (deadCohorts >= DEAD_AFTER || probeAt != null) {
            return Optional.of(paused("no host to be had: " + Words.cause(cause), running, now));
        }
        int before = limit;
        limit = Math.max(1, limit / 2);
        begun(running);
        return before == limit
                ? Optional.empty()
                : Optional.of(new Decision(change(before) + Words.cause(cause), Optional.empty()));
    }

    private Decision fall(String cause, int running, Instant now) {
        int before = limit;
        limit = Math.max(1, limit / 2);
        Duration hold = policy.firstPause().multipliedBy(1L << Math.min(falls, 10));
        holdUntil = now.plus(hold.compareTo(policy.longestPause()) < 0 ? hold : policy.longestPause());
        falls++;
        begun(running);
        return new Decision(change(before) + counted(cause), Optional.of(holdUntil));
    }

    private Decision paused(String reason, int running, Instant now) {
        Duration doubled = pause.isZero() ? policy.firstPause() : pause.multipliedBy(2);
        pause = doubled.compareTo(policy.longestPause()) < 0 ? doubled : policy.longestPause();
        // A tenth of jitter either way, so that what failed together is not probed together.
        long jitter = (long) (pause.toNanos() * (random.nextDouble() - 0.5) / 5);
        Instant until = now.plus(pause).plusNanos(jitter);
        probeAt = until;
        pausedFor = reason;
        limit = 1;
        begun(running);
        return new Decision(reason, Optional.of(until));
    }

    private Decision reopened() {
        probeAt = null;
        pausedFor = "";
        limit = 1;
        risenFrom = 1;
        return new Decision("is back, concurrency 1", Optional.empty());
    }

    private void begun(int running) {
        ofOldCohort = running;
        hasFallen = true;
        goodSinceRise = 0;
        taken = 0;
        answers = 0;
        deferrals = 0;
        risenFrom = limit;
    }

    private void answered(boolean isDeferral) {
        if (answers >= Math.max(LEAST_ANSWERS, limit)) {
            answers = 0;
            deferrals = 0;
        }
        answers++;
        deferrals += isDeferral ? 1 : 0;
    }

    private void asked(Instant now) {
        asked.addLast(now);
        while (asked.size() > MOST_COUNTED || asked.getFirst().isBefore(now.minus(WINDOW))) {
            asked.removeFirst();
        }
    }

    private String counted(String cause) {
        int times = asked.size();
        return Words.cause(cause) + (times > 1 ? " ×" + times + " in " + WINDOW.toSeconds() + " s" : "");
    }

    private String change(int before) {
        return "concurrency " + before + " → " + limit + ": ";
    }
}
