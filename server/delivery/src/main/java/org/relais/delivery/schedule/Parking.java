package org.relais.delivery.schedule;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which job has room in memory, on which lane the others stand, and which lane is refilled next: one of the
 * destination that holds the least in memory. For one thread.
 */
final class Parking<J> {
    private static final int SHARED_LANES = 1024;
    private static final int MOST_AT_ONCE = 500;
    private static final int EXTRAS = 16;
    /** After a refilling from which nothing was taken: or else the same envelopes were claimed in circles. */
    private static final Duration REST = Duration.ofSeconds(1);

    private final SchedulePolicy policy;
    private final Map<Long, ParkingLane<J>> lanes = new HashMap<>();
    private final TreeSet<DestinationQueue<J>> refillable =
            new TreeSet<>(Comparator.<DestinationQueue<J>>comparingInt(queue -> queue.refillHeld)
                    .thenComparingLong(queue -> queue.refillTurn)
                    .thenComparingLong(queue -> queue.number));
    private final TreeSet<ParkingLane<J>> resting =
            new TreeSet<>(Comparator.<ParkingLane<J>, Instant>comparing(lane -> lane.restsUntil)
                    .thenComparingLong(lane -> lane.id));
    private final ArrayDeque<ParkingLane<J>> loose = new ArrayDeque<>();
    private long nextLane = SHARED_LANES;
    private long turns;
    private int reserved;
    private boolean isTurnOfLoose;

    Parking(SchedulePolicy policy) {
        this.policy = policy;
    }

    /** Whether a job has room, and if so, whether as an extra beside what stands parked before it. */
    Optional<Boolean> room(DestinationQueue<J> queue, String sender, int group, int priority, int queued) {
        int free = policy.inMemory() - queued;
        if (free <= 0) {
            return Optional.empty();
        }
        ParkingLane<J> lane = queue.lanes.get(group);
        int most = Math.min(policy.inMemoryPerDestination(), free);
        boolean fits = queue.jobs.size() < most && queue.jobs.size(group) < most - queue.jobs.size();
        if (fits && (lane == null || lane.parked == 0 || lane.isRefilling)) {
            if (lane != null && lane.isRefilling) {
                lane.taken++;
            }
            return Optional.of(false);
        }
        // A mail of a sender that shares its group with a list does not wait for what is parked of the list.
        boolean isExtra =
                lane != null && queue.jobs.extras(group) < EXTRAS && queue.jobs.wouldBeFirst(sender, group, priority);
        return isExtra ? Optional.of(true) : Optional.empty();
    }

    /** The lane, with that many envelopes more on it. */
    long park(DestinationQueue<J> queue, int group, int envelopes) {
        ParkingLane<J> lane = queue.lanes.get(group);
        if (lane == null && lanes.size() >= policy.mostLanes()) {
            long shared = Math.floorMod(queue.name.hashCode(), SHARED_LANES);
            lane = lanes.computeIfAbsent(shared, id -> new ParkingLane<>(id, null, 0));
            if (lane.parked == 0 && !lane.isRefilling) {
                rest(lane, Instant.MIN);
            }
        } else if (lane == null) {
            lane = new ParkingLane<>(nextLane++, queue, group);
            lanes.put(lane.id, lane);
            queue.lanes.put(group, lane);
            queue.wanting.add(lane);
        }
        add(lane, envelopes);
        return lane.id;
    }

    /** The destination whose lane that is, if it is of one. */
    @Nullable
    DestinationQueue<J> parked(long id, int envelopes, Instant now) {
        ParkingLane<J> lane = lanes.get(id);
        if (lane == null) {
            if (envelopes > 0) {
                lane = new ParkingLane<>(id, null, 0);
                lanes.put(id, lane);
                add(lane, envelopes);
                loose.add(lane);
            }
            return null;
        }
        add(lane, envelopes - lane.parked);
        boolean wasRefilling = lane.isRefilling;
        release(lane);
        if (envelopes == 0) {
            lanes.remove(id);
            resting.remove(lane);
            loose.remove(lane);
            if (lane.destination != null) {
                lane.destination.lanes.remove(lane.group);
                lane.destination.wanting.remove(lane);
            }
        } else if (wasRefilling && (lane.taken == 0 || lane.destination == null)) {
            rest(lane, now.plus(REST));
        } else if (wasRefilling) {
            want(lane);
        }
        return lane.destination;
    }

    Optional<DeliverySchedule.Lane> refill(int queued, Instant now) {
        int free = policy.inMemory() - queued - reserved;
        isTurnOfLoose = !isTurnOfLoose;
        Optional<DeliverySchedule.Lane> found = isTurnOfLoose ? refillLoose(free) : refillDestination(free, now);
        if (found.isPresent()) {
            return found;
        }
        return isTurnOfLoose ? refillDestination(free, now) : refillLoose(free);
    }

    private Optional<DeliverySchedule.Lane> refillDestination(int free, Instant now) {
        while (!refillable.isEmpty()) {
            DestinationQueue<J> queue = refillable.first();
            int most = Math.min(policy.inMemoryPerDestination(), free);
            if (most <= 0 || (queue.held() >= most && !queue.isClosed(now) && free < policy.inMemoryPerDestination())) {
                return Optional.empty();
            }
            for (int i = queue.wanting.size(); i > 0; i--) {
                ParkingLane<J> lane = queue.wanting.remove();
                int inGroup = queue.jobs.size(lane.group);
                int room = queue.isClosed(now) ? most : most - queue.held() - inGroup;
                // Half of the room is left to what comes anew meanwhile; little room is not worth a claim.
                if (room > 0 && (inGroup <= room || queue.isClosed(now))) {
                    return Optional.of(begin(lane, Math.min(MOST_AT_ONCE, (room + 1) / 2), now));
                }
                queue.wanting.add(lane);
            }
            queue.isRefillBlocked = true;
            update(queue, now);
        }
        return Optional.empty();
    }

    private Optional<DeliverySchedule.Lane> refillLoose(int free) {
        if (loose.isEmpty() || free <= 0) {
            return Optional.empty();
        }
        return Optional.of(begin(loose.remove(), Math.min(MOST_AT_ONCE, (free + 1) / 2), Instant.MIN));
    }

    private DeliverySchedule.Lane begin(ParkingLane<J> lane, int atMost, Instant now) {
        lane.isRefilling = true;
        lane.taken = 0;
        lane.reserved = atMost;
        reserved += atMost;
        if (lane.destination != null) {
            lane.destination.reserved += atMost;
            update(lane.destination, now);
        }
        return new DeliverySchedule.Lane(lane.id, atMost);
    }

    private void release(ParkingLane<J> lane) {
        reserved -= lane.reserved;
        if (lane.destination != null) {
            lane.destination.reserved -= lane.reserved;
            lane.destination.isRefillBlocked = false;
        }
        lane.reserved = 0;
        lane.isRefilling = false;
    }

    private void add(ParkingLane<J> lane, int envelopes) {
        lane.parked += envelopes;
        if (lane.destination != null) {
            lane.destination.parked += envelopes;
        }
    }

    private void want(ParkingLane<J> lane) {
        if (lane.destination == null) {
            loose.add(lane);
        } else {
            lane.destination.wanting.add(lane);
        }
    }

    private void rest(ParkingLane<J> lane, Instant until) {
        lane.restsUntil = until;
        resting.add(lane);
    }

    void advance(Instant now) {
        while (!resting.isEmpty() && !now.isBefore(resting.first().restsUntil)) {
            ParkingLane<J> lane = resting.pollFirst();
            want(lane);
            if (lane.destination != null) {
                update(lane.destination, now);
            }
        }
    }

    /** When a lane has rested; {@link Instant#MAX}: none rests. */
    Instant wakesAt() {
        return resting.isEmpty() ? Instant.MAX : resting.first().restsUntil;
    }

    void remove(DestinationQueue<J> queue) {
        if (queue.isRefillable) {
            refillable.remove(queue);
        }
    }

    void update(DestinationQueue<J> queue, Instant now) {
        remove(queue);
        queue.isRefillable = !queue.wanting.isEmpty() && (!queue.isRefillBlocked || queue.isClosed(now));
        if (queue.isRefillable) {
            queue.refillHeld = queue.isClosed(now) ? 0 : queue.held();
            queue.refillTurn = turns++;
            refillable.add(queue);
        }
    }
}
