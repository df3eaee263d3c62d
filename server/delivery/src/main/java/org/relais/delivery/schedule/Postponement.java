package org.relais.delivery.schedule;

import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;

/**
 * When a job comes back whose destination takes none now, and why: spread, so that what waits does not come back all at
 * once. For one thread.
 */
final class Postponement {
    /** A suspended mail is looked at for its expiry. */
    private static final Duration SUSPENSION_LOOK = Duration.ofHours(1);

    private static final Duration LONGEST_SPREAD = Duration.ofMinutes(5);

    private final SchedulePolicy policy;
    private final RandomGenerator random;

    Postponement(SchedulePolicy policy, RandomGenerator random) {
        this.policy = policy;
        this.random = random;
    }

    DeliverySchedule.Offer.Later of(DestinationQueue<?> queue, Instant now) {
        Suspensions.Suspension suspension = queue.suspension;
        if (suspension != null) {
            Instant look = now.plus(SUSPENSION_LOOK);
            Instant end = suspension.until();
            return new DeliverySchedule.Offer.Later(
                    spread(end != null && end.isBefore(look) ? end : look, now), "suspended: " + suspension.reason());
        }
        Instant probeAt = queue.concurrency.probeAt();
        Instant open = probeAt != null && probeAt.isAfter(now) ? probeAt : now.plus(policy.firstPause());
        return new DeliverySchedule.Offer.Later(spread(open, now), queue.concurrency.pausedFor());
    }

    private Instant spread(Instant from, Instant now) {
        Duration half = Duration.between(now, from).dividedBy(2);
        Duration most = half.compareTo(LONGEST_SPREAD) < 0 ? half : LONGEST_SPREAD;
        return from.plusNanos((long) (random.nextDouble() * most.toNanos()));
    }
}
