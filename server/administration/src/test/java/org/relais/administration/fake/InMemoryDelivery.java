package org.relais.administration.fake;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.relais.administration.port.DeliveryAdministration;
import org.relais.administration.port.DeliveryDestination;
import org.relais.administration.port.DeliveryOrder;
import org.relais.administration.port.DeliverySelection;
import org.relais.administration.port.Via;

/** Keeps orders in a list. For tests; safe for use by many threads. */
public final class InMemoryDelivery implements DeliveryAdministration {
    public final List<DeliveryDestination> destinations = new ArrayList<>();
    private final List<DeliveryOrder> orders = new ArrayList<>();
    private int last;

    @Override
    public synchronized List<DeliveryDestination> destinations(int most) {
        return destinations.stream().limit(most).toList();
    }

    @Override
    public synchronized List<DeliveryOrder> orders() {
        return List.copyOf(orders);
    }

    @Override
    public DeliveryOrder suspend(DeliverySelection selection, @Nullable Instant until, String reason) {
        return add(selection, null, until, reason);
    }

    @Override
    public DeliveryOrder reroute(DeliverySelection selection, Via via, @Nullable Instant until, String reason) {
        return add(selection, via, until, reason);
    }

    private synchronized DeliveryOrder add(
            DeliverySelection selection, @Nullable Via via, @Nullable Instant until, String reason) {
        var order = new DeliveryOrder(Integer.toString(++last), selection, via, reason, InMemoryQueue.NOW, until);
        orders.add(order);
        return order;
    }

    @Override
    public synchronized boolean end(String id) {
        return orders.removeIf(order -> order.id().equals(id));
    }
}
