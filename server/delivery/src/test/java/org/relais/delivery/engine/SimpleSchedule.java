package org.relais.delivery.engine;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.relais.delivery.schedule.DeliverySchedule;
import org.relais.delivery.schedule.DestinationState;
import org.relais.delivery.schedule.Feedback;

/** First come, first served: one lane, as many at once and in memory as the test says. */
final class SimpleSchedule implements DeliverySchedule<Job> {
    static final long LANE = 7;

    private final Deque<Job> queue = new ArrayDeque<>();
    private final List<Feedback> feedback = new ArrayList<>();
    private final Map<String, Instant> later = new TreeMap<>();
    private final int atOnce;
    private final int inMemory;
    private int running;
    private int parked;

    SimpleSchedule(int atOnce, int inMemory) {
        this.atOnce = atOnce;
        this.inMemory = inMemory;
    }

    /** Once: the next offer for that destination is put off. */
    SimpleSchedule putsOff(String destination, Instant until) {
        later.put(destination, until);
        return this;
    }

    List<Feedback> feedback() {
        return List.copyOf(feedback);
    }

    int parked() {
        return parked;
    }

    @Override
    public Offer offer(String destination, String sender, int priority, int recipients, Job job) {
        Instant until = later.remove(destination);
        if (until != null) {
            return new Offer.Later(until, "suspended");
        }
        if (size() >= inMemory) {
            return new Offer.Park(LANE);
        }
        queue.add(job);
        return new Offer.Queued();
    }

    @Override
    public void parked(long lane, int envelopes) {
        parked = envelopes;
    }

    @Override
    public Optional<Lane> refill() {
        return parked > 0 && size() < inMemory ? Optional.of(new Lane(LANE, inMemory - size())) : Optional.empty();
    }

    @Override
    public Optional<Start<Job>> next() {
        if (running == atOnce || queue.isEmpty()) {
            return Optional.empty();
        }
        running++;
        Job job = queue.remove();
        return Optional.of(new Start<>(job.destination().name(), job));
    }

    @Override
    public Optional<Returned<Job>> returned() {
        return Optional.empty();
    }

    @Override
    public void suspend(String pattern, Optional<Instant> until, String reason) {
        throw new UnsupportedOperationException("not in this test");
    }

    @Override
    public boolean resume(String pattern, String reason) {
        throw new UnsupportedOperationException("not in this test");
    }

    @Override
    public void ended(String destination, Feedback given) {
        running--;
        feedback.add(given);
    }

    @Override
    public Optional<Instant> wakeAt() {
        return Optional.empty();
    }

    @Override
    public List<DestinationState> destinations() {
        return List.of();
    }

    @Override
    public int size() {
        return queue.size() + running;
    }
}
