package org.relais.smtpclient.netty;

import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import org.relais.smtpclient.ClientSettings;

/**
 * How many connections there are, or are about to be, in all and to each address, against what is allowed. Under the
 * pool's lock.
 */
final class Room {
    private final ClientSettings settings;
    private final Map<InetSocketAddress, Integer> perAddress = new HashMap<>();
    private int total;

    Room(ClientSettings settings) {
        this.settings = settings;
    }

    int total() {
        return total;
    }

    boolean isFull() {
        return total >= settings.connections();
    }

    boolean isFull(InetSocketAddress address) {
        return perAddress.getOrDefault(address, 0) >= settings.connectionsPerAddress();
    }

    void take(InetSocketAddress address) {
        total++;
        enter(address);
    }

    void giveBack(InetSocketAddress address) {
        total--;
        leave(address);
    }

    /** A successor's place at its address, while the connection that it replaces still counts at its own. */
    void takeForSuccessor(InetSocketAddress address, InetSocketAddress replaced) {
        if (!address.equals(replaced)) {
            enter(address);
        }
    }

    /** The one replaced is gone: its place in all is the successor's. */
    void handOver(InetSocketAddress address, InetSocketAddress replaced) {
        if (!address.equals(replaced)) {
            leave(replaced);
        }
    }

    private void enter(InetSocketAddress address) {
        perAddress.merge(address, 1, Integer::sum);
    }

    private void leave(InetSocketAddress address) {
        perAddress.computeIfPresent(address, (any, count) -> count == 1 ? null : count - 1);
    }

    /** For people. */
    String bounds() {
        return settings.connectionsPerAddress() + " to one address and " + settings.connections()
                + " in all are allowed";
    }
}
