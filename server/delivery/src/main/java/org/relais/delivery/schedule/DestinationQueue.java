package org.relais.delivery.schedule;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** One destination: what waits, what runs, what was decided. For one thread. */
final class DestinationQueue<J> {
    final String name;
    final long number;
    final SenderQueues<J> jobs = new SenderQueues<>();
    final Concurrency concurrency;
    final @Nullable RateLimit rate;
    final Map<Integer, ParkingLane<J>> lanes = new HashMap<>();
    /** Lanes that may be refilled, in turn. */
    final ArrayDeque<ParkingLane<J>> wanting = new ArrayDeque<>();

    Suspensions.@Nullable Suspension suspension;

    int running;
    int parked;
    int reserved;
    boolean isRateTold;
    private String decision = "";
    private @Nullable Instant decidedUntil;

    /** No lane has room until a job leaves memory. */
    boolean isRefillBlocked;

    // By these it stands in the sets of the schedule; changed only while it stands in none.
    int startRunning;
    long startTurn;
    int refillHeld;
    long refillTurn;

    @Nullable
    Instant wakesAt;

    boolean isStartable;
    boolean isRefillable;

    DestinationQueue(String name, long number, SchedulePolicy policy, RandomGenerator random) {
        this.name = name;
        this.number = number;
        this.concurrency = new Concurrency(policy, random);
        this.rate = policy.rates().stream()
                .filter(rule -> rule.to().matches(name))
                .findFirst()
                .map(RateLimit::new)
                .orElse(null);
    }

    /** Jobs in memory, and room promised to a refilling. */
    int held() {
        return jobs.size() + reserved;
    }

    /** Whether nothing is started before an instant to come, or a probe is all that may be. */
    boolean isClosed(Instant now) {
        Instant probeAt = concurrency.probeAt();
        return suspension != null || (probeAt != null && (now.isBefore(probeAt) || jobs.size() + running > 0));
    }

    boolean mayStart(Instant now) {
        return jobs.size() > 0
                && suspension == null
                && running < concurrency.limit(now)
                && (rate == null || !now.isBefore(rate.next()));
    }

    boolean isIdle() {
        return jobs.size() == 0 && running == 0 && lanes.isEmpty();
    }

    boolean isForgettable(Instant now) {
        return isIdle()
                && (rate == null || !now.isBefore(rate.forgottenAt()))
                && !now.isBefore(concurrency.settledAt());
    }

    /** When time alone may change what it may do. */
    @Nullable
    Instant nextChange(Instant now) {
        Instant earliest = null;
        Instant probeAt = concurrency.probeAt();
        if (probeAt != null && (jobs.size() > 0 || !lanes.isEmpty())) {
            earliest = earlier(earliest, probeAt, now);
        }
        if (rate != null) {
            earliest = earlier(earliest, jobs.size() > 0 ? rate.next() : rate.forgottenAt(), now);
        }
        return earlier(earliest, concurrency.settledAt(), now);
    }

    private static @Nullable Instant earlier(@Nullable Instant known, Instant other, Instant now) {
        if (!other.isAfter(now)) {
            return known;
        }
        return known == null || other.isBefore(known) ? other : known;
    }

    void decided(String text, Optional<Instant> until) {
        decision = text;
        decidedUntil = until.orElse(null);
    }

    DestinationState state(Instant now) {
        if (suspension != null) {
            return new DestinationState(
                    name,
                    jobs.size(),
                    parked,
                    running,
                    0,
                    Optional.ofNullable(suspension.until()),
                    "suspended: " + suspension.reason());
        }
        return new DestinationState(
                name,
                jobs.size(),
                parked,
                running,
                concurrency.limit(now),
                Optional.ofNullable(decidedUntil).filter(until -> until.isAfter(now)),
                decision);
    }
}
