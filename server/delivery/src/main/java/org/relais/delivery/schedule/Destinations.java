package org.relais.delivery.schedule;

import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The destinations that are known, in the orders in which they start and in which time changes them. One of which nothing
 * waits, runs or is decided is forgotten; of those that only have a decision or a rate to be remembered for, the eldest
 * beyond 10,000 as well. For one thread.
 */
final class Destinations<J> {
    private static final int MOST_IDLE = 10_000;

    private final Map<String, DestinationQueue<J>> byName = new HashMap<>();

    /** The one with the fewest jobs under way first, then in turn. */
    private final TreeSet<DestinationQueue<J>> startable =
            new TreeSet<>(Comparator.<DestinationQueue<J>>comparingInt(queue -> queue.startRunning)
                    .thenComparingLong(queue -> queue.startTurn)
                    .thenComparingLong(queue -> queue.number));

    private final TreeSet<DestinationQueue<J>> timed =
            new TreeSet<>(Comparator.<DestinationQueue<J>, Instant>comparing(Destinations::wakesAt)
                    .thenComparingLong(queue -> queue.number));

    /** Idle destinations of which something was learnt or decided, the eldest first. */
    private final LinkedHashSet<DestinationQueue<J>> idle = new LinkedHashSet<>();

    private long turns;

    /** @param maker is given the name */
    DestinationQueue<J> known(String name, Function<String, DestinationQueue<J>> maker) {
        return byName.computeIfAbsent(name, maker);
    }

    @Nullable
    DestinationQueue<J> find(String name) {
        return byName.get(name);
    }

    /** As they are now: what is done with one may make it forgotten. */
    List<DestinationQueue<J>> all() {
        return List.copyOf(byName.values());
    }

    Optional<DestinationQueue<J>> nextToStart() {
        return startable.isEmpty() ? Optional.empty() : Optional.of(startable.first());
    }

    /** One that time has changed, and that is to be updated. */
    Optional<DestinationQueue<J>> due(Instant now) {
        return now.isBefore(wakesAt()) ? Optional.empty() : Optional.of(timed.first());
    }

    /** When time changes one; {@link Instant#MAX}: never. */
    Instant wakesAt() {
        return timed.isEmpty() ? Instant.MAX : wakesAt(timed.first());
    }

    private static Instant wakesAt(DestinationQueue<?> queue) {
        Instant wakesAt = queue.wakesAt;
        return wakesAt == null ? Instant.MAX : wakesAt;
    }

    /** To be called after every change of a queue: puts it where it belongs now. False: it is forgotten. */
    boolean update(DestinationQueue<J> queue, Instant now) {
        if (queue.isStartable) {
            startable.remove(queue);
        }
        if (queue.wakesAt != null) {
            timed.remove(queue);
        }
        idle.remove(queue);
        if (queue.isForgettable(now)) {
            byName.remove(queue.name);
            return false;
        }
        if (queue.isIdle()) {
            idle.add(queue);
            forgetEldest();
        }
        queue.isStartable = queue.mayStart(now);
        if (queue.isStartable) {
            queue.startRunning = queue.running;
            queue.startTurn = turns++;
            startable.add(queue);
        }
        queue.wakesAt = queue.nextChange(now);
        if (queue.wakesAt != null) {
            timed.add(queue);
        }
        return true;
    }

    private void forgetEldest() {
        if (idle.size() > MOST_IDLE) {
            DestinationQueue<J> eldest = idle.iterator().next();
            idle.remove(eldest);
            timed.remove(eldest);
            byName.remove(eldest.name);
        }
    }
}
