package org.relais.delivery.schedule;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The schedule after Postfix's SCHEDULER_README. The destination with the fewest jobs under way starts next, so that
 * one whose jobs hang never has more than its own limit and takes nothing from others; the last eighth of what may run
 * is for destinations that have nothing under way. Between senders see {@link SenderQueues}, for what a destination
 * may run {@link Concurrency}. Memory is shared the same way: a destination may hold as many jobs as are still free,
 * so that some room is always left; the rest is parked.
 *
 * <p>Destinations of which nothing waits, runs or is decided are forgotten; of those that only have a decision or a
 * rate to be remembered for, the eldest beyond 10,000 as well. Every call takes O(log n), but for
 * suspending, resuming and listing. For one thread.
 */
public final class FairDeliverySchedule<J> implements DeliverySchedule<J> {
    private static final int MOST_SUSPENSIONS = 1000;
    private static final int MOST_IDLE = 10_000;
    private static final Duration SUSPENSION_LOOK = Duration.ofHours(1);
    private static final Duration LONGEST_SPREAD = Duration.ofMinutes(5);

    private final SchedulePolicy policy;
    private final InstantSource clock;
    private final Decisions decisions;
    private final RandomGenerator random;
    private final int seed;
    private final Map<String, DestinationQueue<J>> destinations = new HashMap<>();
    private final Map<String, DestinationQueue.Suspension> suspensions = new LinkedHashMap<>();
    private final ArrayDeque<Returned<J>> returned = new ArrayDeque<>();
    private final TreeSet<DestinationQueue<J>> startable =
            new TreeSet<>(Comparator.<DestinationQueue<J>>comparingInt(queue -> queue.startRunning)
                    .thenComparingLong(queue -> queue.startTurn)
                    .thenComparingLong(queue -> queue.number));
    private final TreeSet<DestinationQueue<J>> timed =
            new TreeSet<>(Comparator.<DestinationQueue<J>, Instant>comparing(FairDeliverySchedule::wakesAt)
                    .thenComparingLong(queue -> queue.number));
    /** Idle destinations of which something was learnt or decided, the eldest first. */
    private final LinkedHashSet<DestinationQueue<J>> idle = new LinkedHashSet<>();

    private final Parking<J> parking;
    private long numbers;
    private int queued;
    private int running;

    public FairDeliverySchedule(SchedulePolicy policy, InstantSource clock, Decisions decisions) {
        this(policy, clock, decisions, new SplittableRandom());
    }

    public FairDeliverySchedule(
            SchedulePolicy policy, InstantSource clock, Decisions decisions, RandomGenerator random) {
        this.policy = policy;
        this.clock = clock;
        this.decisions = decisions;
        this.random = random;
        this.seed = random.nextInt();
        this.parking = new Parking<>(policy);
    }

    @Override
    public Offer offer(String destination, String sender, int priority, int recipients, J job) {
        Instant now = advance();
        DestinationQueue<J> queue = queue(destination);
        if (queue.isClosed(now)) {
            Offer.Later later = later(queue, now);
            update(queue, now);
            return later;
        }
        String key = SenderKey.of(sender);
        int group = Math.floorMod((key.hashCode() ^ seed) * 0x9E3779B9 >>> 16, SenderQueues.GROUPS);
        Optional<Boolean> room = parking.room(queue, key, group, priority, queued);
        Offer offer;
        if (room.isPresent()) {
            queue.jobs.add(key, group, priority, recipients, room.get(), job);
            queued++;
            offer = new Offer.Queued();
        } else {
            offer = new Offer.Park(parking.park(queue, group, recipients));
        }
        update(queue, now);
        return offer;
    }

    @Override
    public void parked(long lane, int envelopes) {
        Instant now = advance();
        DestinationQueue<J> queue = parking.parked(lane, envelopes, now);
        if (queue != null) {
            update(queue, now);
        }
    }

    @Override
    public Optional<Lane> refill() {
        Instant now = advance();
        return parking.refill(queued, now);
    }

    @Override
    public Optional<Start<J>> next() {
        Instant now = advance();
        if (startable.isEmpty() || running >= policy.most()) {
            return Optional.empty();
        }
        DestinationQueue<J> queue = startable.first();
        int reserve = Math.min(policy.most() / 8, Math.max(0, policy.most() - policy.mostPerDestination()));
        if (queue.running > 0 && running >= policy.most() - reserve) {
            return Optional.empty();
        }
        SenderQueues.Entry<J> entry = queue.jobs.poll().orElseThrow();
        queued--;
        running++;
        queue.running++;
        queue.isRefillBlocked = false;
        if (queue.rate != null) {
            queue.rate.started(now);
        }
        update(queue, now);
        return Optional.of(new Start<>(queue.name, entry.job()));
    }

    @Override
    public void ended(String destination, Feedback feedback) {
        Instant now = advance();
        DestinationQueue<J> queue = destinations.get(destination);
        if (queue == null || queue.running == 0) {
            throw new IllegalStateException("nothing is under way to " + destination);
        }
        queue.running--;
        running--;
        queue.concurrency.ended(feedback, queue.running, now).ifPresent(decision -> {
            decide(queue, decision.text(), decision.until(), now);
            if (queue.concurrency.limit(now) == 0) {
                giveBack(queue, now);
            }
        });
        update(queue, now);
    }

    @Override
    public Optional<Returned<J>> returned() {
        return Optional.ofNullable(returned.poll());
    }

    @Override
    public void suspend(String pattern, Optional<Instant> until, String reason) {
        Instant now = advance();
        var named = new DestinationPattern(pattern);
        if (suspensions.size() >= MOST_SUSPENSIONS && !suspensions.containsKey(named.text())) {
            throw new IllegalArgumentException(
                    "there are " + MOST_SUSPENSIONS + " suspensions already: resume some, or name several with a star");
        }
        suspensions.put(named.text(), new DestinationQueue.Suspension(named, until.orElse(null), reason));
        String end = until.map(time -> ", until " + Words.time(time, now, policy.zone()))
                .orElse("");
        decisions.decided(named.text(), "suspended: " + reason + end, until);
        for (DestinationQueue<J> queue : List.copyOf(destinations.values())) {
            queue.suspension = suspensionOf(queue.name);
            if (queue.suspension != null) {
                giveBack(queue, now);
            }
            update(queue, now);
        }
    }

    @Override
    public boolean resume(String pattern, String reason) {
        Instant now = advance();
        return resume(new DestinationPattern(pattern), reason, now);
    }

    private boolean resume(DestinationPattern pattern, String reason, Instant now) {
        if (suspensions.remove(pattern.text()) == null) {
            return false;
        }
        decisions.decided(pattern.text(), "resumed: " + reason, Optional.empty());
        for (DestinationQueue<J> queue : List.copyOf(destinations.values())) {
            queue.suspension = suspensionOf(queue.name);
            update(queue, now);
        }
        return true;
    }

    @Override
    public Optional<Instant> wakeAt() {
        Instant earliest = timed.isEmpty() ? null : timed.first().wakesAt;
        for (Instant other : List.of(nextSuspensionEnd(), parking.wakesAt())) {
            earliest = earliest == null || other.isBefore(earliest) ? other : earliest;
        }
        return Optional.ofNullable(earliest).filter(instant -> instant.isBefore(Instant.MAX));
    }

    @Override
    public List<DestinationState> destinations() {
        Instant now = advance();
        return destinations.values().stream()
                .sorted(Comparator.comparing(queue -> queue.name))
                .map(queue -> queue.state(now))
                .toList();
    }

    @Override
    public int size() {
        return queued + running;
    }

    private DestinationQueue<J> queue(String name) {
        DestinationQueue<J> known = destinations.get(name);
        if (known != null) {
            return known;
        }
        var queue = new DestinationQueue<J>(name, numbers++, policy, random);
        queue.suspension = suspensionOf(name);
        destinations.put(name, queue);
        return queue;
    }

    private DestinationQueue.@Nullable Suspension suspensionOf(String name) {
        for (DestinationQueue.Suspension suspension : suspensions.values()) {
            if (suspension.pattern().matches(name)) {
                return suspension;
            }
        }
        return null;
    }

    private void giveBack(DestinationQueue<J> queue, Instant now) {
        for (SenderQueues.Entry<J> entry : queue.jobs.drain()) {
            queued--;
            Offer.Later later = later(queue, now);
            returned.add(new Returned<>(queue.name, entry.job(), later.until(), later.reason()));
        }
        queue.isRefillBlocked = false;
    }

    /** Spread, so that what waits does not come back all at once; a suspended mail is looked at for its expiry. */
    private Offer.Later later(DestinationQueue<J> queue, Instant now) {
        DestinationQueue.Suspension suspension = queue.suspension;
        if (suspension != null) {
            Instant look = now.plus(SUSPENSION_LOOK);
            Instant end = suspension.until();
            return new Offer.Later(
                    spread(end != null && end.isBefore(look) ? end : look, now), "suspended: " + suspension.reason());
        }
        Instant probeAt = queue.concurrency.probeAt();
        Instant open = probeAt != null && probeAt.isAfter(now) ? probeAt : now.plus(policy.firstPause());
        return new Offer.Later(spread(open, now), queue.concurrency.pausedFor());
    }

    private Instant spread(Instant from, Instant now) {
        Duration half = Duration.between(now, from).dividedBy(2);
        Duration most = half.compareTo(LONGEST_SPREAD) < 0 ? half : LONGEST_SPREAD;
        return from.plusNanos((long) (random.nextDouble() * most.toNanos()));
    }

    /** What time alone has brought; and the time. */
    private Instant advance() {
        Instant now = clock.instant();
        if (!suspensions.isEmpty() && !now.isBefore(nextSuspensionEnd())) {
            for (DestinationQueue.Suspension suspension : List.copyOf(suspensions.values())) {
                if (suspension.until() != null && !now.isBefore(suspension.until())) {
                    resume(suspension.pattern(), "its end has come", now);
                }
            }
        }
        parking.advance(now);
        while (!timed.isEmpty() && !now.isBefore(wakesAt(timed.first()))) {
            update(timed.first(), now);
        }
        return now;
    }

    private Instant nextSuspensionEnd() {
        Instant earliest = Instant.MAX;
        for (DestinationQueue.Suspension suspension : suspensions.values()) {
            Instant until = suspension.until();
            earliest = until != null && until.isBefore(earliest) ? until : earliest;
        }
        return earliest;
    }

    /** To be called after every change of a queue: puts it into the sets where it belongs now. */
    private void update(DestinationQueue<J> queue, Instant now) {
        if (queue.isStartable) {
            startable.remove(queue);
        }
        if (queue.wakesAt != null) {
            timed.remove(queue);
        }
        idle.remove(queue);
        if (queue.isForgettable(now)) {
            destinations.remove(queue.name);
            parking.remove(queue);
            return;
        }
        if (queue.isIdle()) {
            idle.add(queue);
            forgetEldest();
        }
        queue.isStartable = queue.mayStart(now);
        if (queue.isStartable) {
            queue.startRunning = queue.running;
            queue.startTurn = numbers++;
            startable.add(queue);
        }
        tellRate(queue, now);
        queue.wakesAt = queue.nextChange(now);
        if (queue.wakesAt != null) {
            timed.add(queue);
        }
        parking.update(queue, now);
    }

    private void forgetEldest() {
        if (idle.size() > MOST_IDLE) {
            DestinationQueue<J> eldest = idle.iterator().next();
            idle.remove(eldest);
            timed.remove(eldest);
            destinations.remove(eldest.name);
        }
    }

    private void tellRate(DestinationQueue<J> queue, Instant now) {
        RateLimit rate = queue.rate;
        if (rate != null
                && !queue.isRateTold
                && queue.jobs.size() > 0
                && rate.next().isAfter(now)) {
            queue.isRateTold = true;
            decide(queue, "rate: " + rate, Optional.of(rate.next()), now);
        }
    }

    private void decide(DestinationQueue<J> queue, String text, Optional<Instant> until, Instant now) {
        queue.decided(text, until);
        String end = until.map(time -> ", until " + Words.time(time, now, policy.zone()))
                .orElse("");
        decisions.decided(queue.name, text + end, until);
    }

    private static Instant wakesAt(DestinationQueue<?> queue) {
        Instant wakesAt = queue.wakesAt;
        return wakesAt == null ? Instant.MAX : wakesAt;
    }
}
