package org.relais.delivery.schedule;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * The schedule after Postfix's SCHEDULER_README. The destination with the fewest jobs under way starts next, so that
 * one whose jobs hang never has more than its own limit and takes nothing from others; the last eighth of what may run
 * is for destinations that have nothing under way. Between senders see {@link SenderQueues}, for what a destination
 * may run {@link Concurrency}, for which are known {@link Destinations}. Memory is shared the same way: a destination
 * may hold as many jobs as are still free, so that some room is always left; the rest is parked, see {@link Parking}.
 *
 * <p>Every call takes O(log n), but for suspending, resuming and listing. For one thread.
 */
public final class FairDeliverySchedule<J> implements DeliverySchedule<J> {
    private final SchedulePolicy policy;
    private final InstantSource clock;
    private final Decisions decisions;
    private final RandomGenerator random;
    private final int seed;
    private final Destinations<J> destinations = new Destinations<>();
    private final Suspensions suspensions = new Suspensions();
    private final Postponement postponement;
    private final Parking<J> parking;
    private final ArrayDeque<Returned<J>> returned = new ArrayDeque<>();
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
        this.postponement = new Postponement(policy, random);
        this.parking = new Parking<>(policy);
    }

    @Override
    public Offer offer(String destination, String sender, int priority, int recipients, J job) {
        Instant now = advance();
        DestinationQueue<J> queue = destinations.known(destination, this::queue);
        if (queue.isClosed(now)) {
            Offer.Later later = postponement.of(queue, now);
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
        return parking.refill(queued, advance());
    }

    @Override
    public Optional<Start<J>> next() {
        Instant now = advance();
        Optional<DestinationQueue<J>> first = destinations.nextToStart();
        if (first.isEmpty() || running >= policy.most()) {
            return Optional.empty();
        }
        DestinationQueue<J> queue = first.get();
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
        DestinationQueue<J> queue = destinations.find(destination);
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
        suspensions.add(named, until, reason);
        decisions.decided(named.text(), "suspended: " + reason + end(until, now), until);
        for (DestinationQueue<J> queue : destinations.all()) {
            queue.suspension = suspensions.of(queue.name);
            if (queue.suspension != null) {
                giveBack(queue, now);
            }
            update(queue, now);
        }
    }

    @Override
    public boolean resume(String pattern, String reason) {
        return resume(new DestinationPattern(pattern), reason, advance());
    }

    private boolean resume(DestinationPattern pattern, String reason, Instant now) {
        if (!suspensions.remove(pattern)) {
            return false;
        }
        decisions.decided(pattern.text(), "resumed: " + reason, Optional.empty());
        for (DestinationQueue<J> queue : destinations.all()) {
            queue.suspension = suspensions.of(queue.name);
            update(queue, now);
        }
        return true;
    }

    @Override
    public Optional<Instant> wakeAt() {
        Instant earliest = earlier(destinations.wakesAt(), earlier(suspensions.nextEnd(), parking.wakesAt()));
        return earliest.equals(Instant.MAX) ? Optional.empty() : Optional.of(earliest);
    }

    private static Instant earlier(Instant one, Instant other) {
        return other.isBefore(one) ? other : one;
    }

    @Override
    public List<DestinationState> destinations() {
        Instant now = advance();
        return destinations.all().stream()
                .sorted(Comparator.comparing(queue -> queue.name))
                .map(queue -> queue.state(now))
                .toList();
    }

    @Override
    public int size() {
        return queued + running;
    }

    private DestinationQueue<J> queue(String name) {
        var queue = new DestinationQueue<J>(name, numbers++, policy, random);
        queue.suspension = suspensions.of(name);
        return queue;
    }

    private void giveBack(DestinationQueue<J> queue, Instant now) {
        for (SenderQueues.Entry<J> entry : queue.jobs.drain()) {
            queued--;
            Offer.Later later = postponement.of(queue, now);
            returned.add(new Returned<>(queue.name, entry.job(), later.until(), later.reason()));
        }
        queue.isRefillBlocked = false;
    }

    /** What time alone has brought; and the time. */
    private Instant advance() {
        Instant now = clock.instant();
        if (!now.isBefore(suspensions.nextEnd())) {
            suspensions.over(now).forEach(pattern -> resume(pattern, "its end has come", now));
        }
        parking.advance(now);
        for (var due = destinations.due(now); due.isPresent(); due = destinations.due(now)) {
            update(due.get(), now);
        }
        return now;
    }

    /** To be called after every change of a queue. */
    private void update(DestinationQueue<J> queue, Instant now) {
        if (destinations.update(queue, now)) {
            tellRate(queue, now);
            parking.update(queue, now);
        } else {
            parking.remove(queue);
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
        decisions.decided(queue.name, text + end(until, now), until);
    }

    private String end(Optional<Instant> until, Instant now) {
        return until.map(time -> ", until " + Words.time(time, now, policy.zone()))
                .orElse("");
    }
}
