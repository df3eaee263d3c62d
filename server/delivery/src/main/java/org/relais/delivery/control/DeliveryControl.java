package org.relais.delivery.control;

import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The suspensions and reroutes that hold. An order is on disk before the call that gives or ends it returns; if it
 * cannot be written, nothing has changed. What has reached its end no longer holds. Safe for use by many threads;
 * looking up does not wait for the disk.
 */
public final class DeliveryControl {
    private static final int MOST = 1000;

    private final ControlFile file;
    private final InstantSource clock;
    private volatile List<Order> orders;

    private DeliveryControl(ControlFile file, InstantSource clock, List<Order> orders) {
        this.file = file;
        this.clock = clock;
        this.orders = orders;
    }

    /** @throws IOException if there is a file that cannot be read; its message names the remedy */
    public static DeliveryControl open(ControlFile file, InstantSource clock) throws IOException {
        return new DeliveryControl(file, clock, file.read());
    }

    public Order suspend(Selection selection, Optional<Instant> until, String reason, String who) throws IOException {
        return add(selection, Optional.empty(), until, reason, who);
    }

    /** @param via {@code smtp://host:port} or {@code lmtp://host:port}; the caller has checked it */
    public Order reroute(Selection selection, String via, Optional<Instant> until, String reason, String who)
            throws IOException {
        return add(selection, Optional.of(via), until, reason, who);
    }

    private synchronized Order add(
            Selection selection, Optional<String> via, Optional<Instant> until, String reason, String who)
            throws IOException {
        Instant now = clock.instant();
        List<Order> next = new ArrayList<>();
        long number = 1;
        for (Order order : orders) {
            number = Math.max(number, order.number() + 1);
            boolean isReplaced = order.selection().equals(selection) && order.isSuspension() == via.isEmpty();
            if (!isReplaced && !order.hasEnded(now)) {
                next.add(order);
            }
        }
        if (next.size() >= MOST) {
            throw new IllegalArgumentException(
                    "there are " + MOST + " orders already: end some, or name several destinations with a star");
        }
        var order = new Order(number, selection, via, reason, who, now, until);
        next.add(order);
        write(next);
        return order;
    }

    /** Ends what was ordered under that number; empty: nothing holds under it. */
    public synchronized Optional<Order> end(long number) throws IOException {
        Instant now = clock.instant();
        Optional<Order> ended = orders.stream()
                .filter(order -> order.number() == number && !order.hasEnded(now))
                .findFirst();
        if (ended.isPresent()) {
            write(orders.stream().filter(order -> order.number() != number).toList());
        }
        return ended;
    }

    private void write(List<Order> next) throws IOException {
        file.write(next);
        orders = List.copyOf(next);
    }

    /** What holds now, the eldest first. */
    public List<Order> list() {
        Instant now = clock.instant();
        return orders.stream().filter(order -> !order.hasEnded(now)).toList();
    }

    /** The suspension that holds for that mail, if there is one. */
    public Optional<Order> suspension(String destination, String reversePath, String forwardPath, String queueId) {
        return find(true, destination, reversePath, forwardPath, queueId);
    }

    /** The latest reroute that holds for that mail, if there is one. */
    public Optional<Order> reroute(String destination, String reversePath, String forwardPath, String queueId) {
        return find(false, destination, reversePath, forwardPath, queueId);
    }

    private Optional<Order> find(
            boolean isSuspension, String destination, String reversePath, String forwardPath, String queueId) {
        List<Order> all = orders;
        if (all.isEmpty()) {
            return Optional.empty();
        }
        Instant now = clock.instant();
        for (int i = all.size() - 1; i >= 0; i--) {
            Order order = all.get(i);
            if (order.isSuspension() == isSuspension
                    && !order.hasEnded(now)
                    && order.selection().matches(destination, reversePath, forwardPath, queueId)) {
                return Optional.of(order);
            }
        }
        return Optional.empty();
    }
}
