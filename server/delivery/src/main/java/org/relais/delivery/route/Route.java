package org.relais.delivery.route;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import org.relais.smtpclient.Credentials;
import org.relais.smtpclient.Protocol;
import org.relais.smtpclient.TlsPolicy;

/**
 * How mail of some senders to some domains travels.
 *
 * @param name for people and logs: {@code route in line 12}, {@code MX}
 * @param via named next hops, tried in this order; empty: the MX hosts of the recipient's domain
 * @param shufflesVia whether {@code via} is tried in random order
 * @param port of MX hosts: 25
 * @param heloName our name in EHLO or LHLO
 * @param source the local address that connections come from; empty: the system's choice
 * @param converts whether content that a next hop does not take may be converted to 7bit
 */
public record Route(
        String name,
        List<Host> via,
        boolean shufflesVia,
        int port,
        Protocol protocol,
        TlsPolicy tls,
        Optional<Credentials> credentials,
        String heloName,
        Optional<InetAddress> source,
        boolean converts) {

    public Route {
        via = List.copyOf(via);
    }

    /** @param host a name, whose addresses are looked up but not its MX, or an address literal without brackets */
    public record Host(String host, int port) {
        @Override
        public String toString() {
            return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
        }
    }

    /** Mails with the same destination share next hops, connections and a queue. */
    public Destination destination(String domain) {
        return new Destination(this, via.isEmpty() ? domain : "");
    }
}
