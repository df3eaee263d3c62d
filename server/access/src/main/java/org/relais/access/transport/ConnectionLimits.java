package org.relais.access.transport;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Counts the open connections of one listener, in all and by client address. Safe for use by many threads. */
final class ConnectionLimits {
    private final ListenerOptions.ListenerLimits limits;
    private final Map<InetAddress, Integer> perClient = new HashMap<>();
    private int open;

    ConnectionLimits(ListenerOptions.ListenerLimits limits) {
        this.limits = limits;
    }

    /** Takes a place for a connection; a refused one has taken none. */
    synchronized Optional<Refusal> open() {
        if (open >= limits.connections()) {
            return Optional.of(Refusal.TOO_MANY_CONNECTIONS);
        }
        open++;
        return Optional.empty();
    }

    synchronized void close() {
        open--;
    }

    /** Takes a place for a session of this client; a refused one has taken none. */
    synchronized Optional<Refusal> openFor(InetAddress client) {
        int before = perClient.getOrDefault(client, 0);
        if (before >= limits.connectionsPerClient()) {
            return Optional.of(Refusal.TOO_MANY_FROM_CLIENT);
        }
        perClient.put(client, before + 1);
        return Optional.empty();
    }

    synchronized void closeFor(InetAddress client) {
        perClient.computeIfPresent(client, (address, count) -> count == 1 ? null : count - 1);
    }
}
