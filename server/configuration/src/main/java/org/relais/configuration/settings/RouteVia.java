package org.relais.configuration.settings;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Where a route leads.
 *
 * @param hosts tried in this order; empty for MX
 * @param mxPort of MX hosts: 25, but for networks of one's own
 */
public record RouteVia(Scheme scheme, List<HostPort> hosts, int mxPort) {
    public static final int SMTP_PORT = 25;

    public RouteVia {
        hosts = List.copyOf(hosts);
        if (hosts.isEmpty() != (scheme == Scheme.MX)) {
            throw new IllegalArgumentException("hosts are named exactly where it is not by MX");
        }
    }

    /** What is spoken there, with the port where none is named. */
    public enum Scheme {
        SMTP(25),
        /** TLS from the first octet on (RFC 8314). */
        SMTPS(465),
        LMTP(24),
        /** SMTP to the MX hosts of the recipient's domain. */
        MX(SMTP_PORT);

        private final int standardPort;

        Scheme(int standardPort) {
            this.standardPort = standardPort;
        }

        public int standardPort() {
            return standardPort;
        }

        /** As it is written in relais.xml. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Override
    public String toString() {
        if (scheme == Scheme.MX) {
            return mxPort == SMTP_PORT ? "mx" : "mx:" + mxPort;
        }
        return hosts.stream().map(host -> scheme.word() + "://" + host).collect(Collectors.joining(" "));
    }
}
