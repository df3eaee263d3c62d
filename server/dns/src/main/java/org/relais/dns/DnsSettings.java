package org.relais.dns;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/**
 * Who is asked, and how long.
 *
 * @param servers in the order in which they are asked; the first {@value #MAX_SERVERS} count; empty: the system's resolvers
 * @param deadline of a whole look-up: all tries and all aliases
 * @param tries how often each server is asked before a look-up has failed
 * @param underWay queries on the wire at the same time
 * @param waiting queries that wait for room on the wire; beyond it they fail at once
 * @param cachedRecords how many records are remembered
 */
public record DnsSettings(
        List<InetSocketAddress> servers, Duration deadline, int tries, int underWay, int waiting, int cachedRecords) {
    public static final int MAX_SERVERS = 8;

    public DnsSettings {
        servers = List.copyOf(servers.subList(0, Math.min(servers.size(), MAX_SERVERS)));
        if (deadline.isNegative() || deadline.isZero() || tries < 1 || underWay < 1) {
            throw new IllegalArgumentException("a deadline, a try and a query under way are the least");
        }
    }

    public static DnsSettings standard(List<InetSocketAddress> servers) {
        return new DnsSettings(servers, Duration.ofSeconds(10), 2, 256, 20_000, 20_000);
    }

    public DnsSettings withDeadline(Duration changed) {
        return new DnsSettings(servers, changed, tries, underWay, waiting, cachedRecords);
    }
}
