package org.relais.smtpclient.netty;

import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.relais.smtpclient.Endpoint;

/** The open connections without a mail; equal endpoints share theirs. Under the pool's lock. */
final class IdleConnections {
    private final Map<Endpoint, ArrayDeque<Connection>> byKey = new LinkedHashMap<>();

    void add(Connection connection) {
        byKey.computeIfAbsent(connection.key(), any -> new ArrayDeque<>()).addLast(connection);
    }

    /** Whether it was among them. */
    boolean remove(Connection connection) {
        ArrayDeque<Connection> same = byKey.get(connection.key());
        boolean wasIdle = same != null && same.remove(connection);
        if (same != null && same.isEmpty()) {
            byKey.remove(connection.key());
        }
        return wasIdle;
    }

    List<Connection> removeAll() {
        List<Connection> all = new ArrayList<>();
        byKey.values().forEach(all::addAll);
        byKey.clear();
        return all;
    }

    /** One that can carry the mail, no longer among them. */
    @Nullable
    Connection takeFor(Errand errand) {
        ArrayDeque<Connection> same = byKey.get(errand.key);
        if (same == null) {
            return null;
        }
        // The one used last is the one most likely alive; on the caller's own loop it costs no hand-over.
        Connection best = same.peekLast();
        for (Iterator<Connection> it = same.descendingIterator(); it.hasNext(); ) {
            Connection one = it.next();
            if (one.isOn(errand.home)) {
                best = one;
                break;
            }
        }
        if (best != null) {
            remove(best);
        }
        return best;
    }

    /**
     * One that can be closed to make room, no longer among them.
     *
     * @param address where there is none; null: anywhere
     */
    @Nullable
    Connection takeVictim(@Nullable InetSocketAddress address) {
        for (Map.Entry<Endpoint, ArrayDeque<Connection>> entry : byKey.entrySet()) {
            if (address == null || address.equals(entry.getKey().place())) {
                Connection victim = entry.getValue().peekFirst();
                if (victim != null) {
                    remove(victim);
                }
                return victim;
            }
        }
        return null;
    }
}
