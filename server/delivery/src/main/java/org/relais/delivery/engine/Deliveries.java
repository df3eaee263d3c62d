package org.relais.delivery.engine;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The deliveries of the chain that is loaded. After a change of the chain, what waits for a delivery that is no more goes
 * to one with the same queue, or to the only one there is. Safe for use by many threads.
 */
public final class Deliveries {
    private final Map<DeliveryName, Delivery> byName = new ConcurrentHashMap<>();

    /** Two deliveries of one name do the same. */
    public void register(Delivery delivery) {
        byName.put(delivery.name(), delivery);
    }

    public void unregister(Delivery delivery) {
        byName.remove(delivery.name(), delivery);
    }

    Optional<Delivery> find(String text) {
        DeliveryName name = DeliveryName.parse(text);
        Delivery exact = byName.get(name);
        if (exact != null) {
            return Optional.of(exact);
        }
        List<Delivery> all = List.copyOf(byName.values());
        return all.stream()
                .filter(delivery -> delivery.name().queue().equals(name.queue()))
                .findFirst()
                .or(() -> all.size() == 1 ? Optional.of(all.get(0)) : Optional.empty());
    }
}
