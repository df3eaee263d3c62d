package org.relais.access.transport;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;

/**
 * What one listener is, whatever protocol it speaks.
 *
 * @param name as the administrator calls it in messages: {@code smtp}, {@code submission}, {@code imap} …
 * @param address where it listens; the wildcard address for all
 * @param port 0 to 65535; 0 lets the system choose (tests)
 * @param proxyFrom who connects from these networks must begin with PROXY, version 1 or 2; nobody else may
 * @param hostname the name this server calls itself by
 */
public record ListenerOptions(
        String name,
        InetAddress address,
        int port,
        TlsMode tls,
        List<Network> proxyFrom,
        String hostname,
        ListenerLimits limits) {
    public ListenerOptions {
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("port must be 0 to 65535, was " + port);
        }
        proxyFrom = List.copyOf(proxyFrom);
    }

    /**
     * The bounds of one listener.
     *
     * @param connections open at once, in all
     * @param connectionsPerClient open at once from one client address
     * @param idle after which a silent session is ended
     * @param messageOctets the largest mail, counted as it stands in the protocol's data without dot-stuffing
     */
    public record ListenerLimits(int connections, int connectionsPerClient, Duration idle, long messageOctets) {
        public ListenerLimits {
            if (connections < 1 || connectionsPerClient < 1 || messageOctets < 1) {
                throw new IllegalArgumentException("limits must be at least 1");
            }
            if (idle.isNegative() || idle.isZero()) {
                throw new IllegalArgumentException("idle must be positive, was " + idle);
            }
        }
    }
}
