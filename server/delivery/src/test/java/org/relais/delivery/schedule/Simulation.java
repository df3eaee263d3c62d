package org.relais.delivery.schedule;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.function.BiFunction;

/** An engine and a spool in a world whose clock is moved by events: days pass in milliseconds. */
final class Simulation {
    record Mail(String destination, String sender, int priority, int recipients, Instant since) {}

    /** @param lasts null: for ever */
    record Attempt(Duration lasts, Feedback feedback) {}

    record Started(Mail mail, Instant at) {}

    private record Event(Instant at, long order, Runnable what) {}

    static final Instant BEGIN = Instant.parse("2026-03-02T08:00:00Z");
    private static final Duration HUNG = Duration.ofDays(10_000);

    Instant now = BEGIN;
    final List<String> decisions = new ArrayList<>();
    final List<Started> started = new ArrayList<>();
    final Map<String, Integer> running = new HashMap<>();
    final Map<Long, ArrayDeque<Mail>> lanes = new HashMap<>();
    final DeliverySchedule<Mail> schedule;
    BiFunction<Mail, Instant, Attempt> remote = (mail, at) -> new Attempt(Duration.ofMillis(100), new Feedback.Good());
    int parkings;
    int mostInMemory;
    int mostRunning;
    private final PriorityQueue<Event> events =
            new PriorityQueue<>(Comparator.comparing(Event::at).thenComparingLong(Event::order));
    private long orders;

    Simulation(SchedulePolicy policy, long seed) {
        schedule = new FairDeliverySchedule<>(
                policy,
                () -> now,
                (destination, text, until) -> decisions.add(destination + ": " + text),
                new SplittableRandom(seed));
    }

    void at(Instant time, Runnable what) {
        events.add(new Event(time, orders++, what));
    }

    void send(String destination, String sender) {
        offer(new Mail(destination, sender, 5, 1, now));
    }

    void offer(Mail mail) {
        var offer = schedule.offer(mail.destination(), mail.sender(), mail.priority(), mail.recipients(), mail);
        if (offer instanceof DeliverySchedule.Offer.Park park) {
            parkings++;
            var lane = lanes.computeIfAbsent(park.lane(), id -> new ArrayDeque<>());
            lane.add(mail);
            schedule.parked(park.lane(), lane.size());
        } else if (offer instanceof DeliverySchedule.Offer.Later later) {
            at(later.until(), () -> offer(mail));
        }
        mostInMemory = Math.max(mostInMemory, schedule.size());
    }

    /** What an engine does when it is woken. */
    void turn() {
        boolean isBusy = true;
        while (isBusy) {
            isBusy = false;
            for (var back = schedule.returned(); back.isPresent(); back = schedule.returned()) {
                Mail mail = back.get().job();
                at(back.get().until(), () -> offer(mail));
            }
            for (var start = schedule.next(); start.isPresent(); start = schedule.next()) {
                isBusy = true;
                start(start.get().job());
            }
            Optional<DeliverySchedule.Lane> refill = schedule.refill();
            if (refill.isPresent()) {
                isBusy = true;
                var lane = lanes.computeIfAbsent(refill.get().lane(), id -> new ArrayDeque<>());
                List<Mail> claimed = new ArrayList<>();
                for (int i = 0; i < refill.get().atMost() && !lane.isEmpty(); i++) {
                    claimed.add(lane.remove());
                }
                claimed.forEach(this::offer);
                schedule.parked(refill.get().lane(), lane.size());
            }
        }
    }

    private void start(Mail mail) {
        started.add(new Started(mail, now));
        mostRunning = Math.max(mostRunning, running.merge(mail.destination(), 1, Integer::sum));
        Attempt attempt = remote.apply(mail, now);
        if (attempt.lasts().compareTo(HUNG) < 0) {
            at(now.plus(attempt.lasts()), () -> {
                running.merge(mail.destination(), -1, Integer::sum);
                schedule.ended(mail.destination(), attempt.feedback());
            });
        }
    }

    static Duration forEver() {
        return HUNG;
    }

    void runUntil(Instant end) {
        turn();
        while (true) {
            Instant wake = schedule.wakeAt().orElse(Instant.MAX);
            Instant event = events.isEmpty() ? Instant.MAX : events.element().at();
            Instant next = wake.isBefore(event) ? wake : event;
            if (next.isAfter(end)) {
                now = end;
                return;
            }
            now = next.isAfter(now) ? next : now;
            while (!events.isEmpty() && !events.element().at().isAfter(now)) {
                events.remove().what().run();
            }
            turn();
        }
    }

    void runFor(Duration time) {
        runUntil(now.plus(time));
    }
}
