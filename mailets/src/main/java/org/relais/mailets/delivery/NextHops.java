package org.relais.mailets.delivery;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.james.core.Domain;
import org.apache.james.dnsservice.api.DNSService;
import org.apache.james.dnsservice.api.TemporaryResolutionException;
import org.relais.mailets.relay.Outcome;
import org.relais.mailets.relay.SmartHost;
import org.relais.model.EnhancedStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds who takes mail for a domain: the smart hosts, or the domain's MX hosts (RFC 5321 §5.1). */
final class NextHops {
    private static final Logger LOGGER = LoggerFactory.getLogger(NextHops.class);
    /** One attempt tries no more addresses than this; the next attempt begins with the first again. */
    private static final int MOST_ADDRESSES = 10;

    private static final EnhancedStatus BAD_DESTINATION = new EnhancedStatus(5, 1, 2);
    private static final EnhancedStatus NULL_MX = new EnhancedStatus(5, 1, 10);
    private static final EnhancedStatus DIRECTORY_FAILURE = new EnhancedStatus(4, 4, 3);

    private final DNSService dns;
    private final List<SmartHost> smartHosts;
    private final int port;

    NextHops(DNSService dns, List<SmartHost> smartHosts, int port) {
        this.dns = dns;
        this.smartHosts = List.copyOf(smartHosts);
        this.port = port;
    }

    /** Addresses in the order they should be tried, or why there is none. */
    sealed interface Answer {
        record Hops(List<NextHop> hops) implements Answer {}

        record NoHop(Outcome outcome, boolean isUnknownDomain) implements Answer {}
    }

    /** Whether all domains have the same next hops. */
    boolean isSameForAll() {
        return !smartHosts.isEmpty();
    }

    Answer of(Domain domain) {
        if (!smartHosts.isEmpty()) {
            return addresses(smartHosts, "smart host");
        }
        Collection<String> names;
        try {
            names = dns.findMXRecords(domain.asString());
        } catch (TemporaryResolutionException e) {
            return temporary("The MX hosts of " + domain.asString() + " cannot be looked up now");
        }
        List<SmartHost> hosts = new ArrayList<>();
        for (String name : names) {
            String host = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
            if (!host.isBlank()) {
                hosts.add(new SmartHost(host, port, false));
            }
        }
        if (!hosts.isEmpty()) {
            return addresses(hosts, "MX host");
        }
        return names.isEmpty()
                ? new Answer.NoHop(
                        new Outcome.Failed(
                                BAD_DESTINATION, "5.1.2 The domain " + domain.asString() + " does not exist in DNS"),
                        true)
                : new Answer.NoHop(
                        new Outcome.Failed(
                                NULL_MX, "5.1.10 The domain " + domain.asString() + " takes no mail (RFC 7505)"),
                        false);
    }

    private Answer addresses(List<SmartHost> hosts, String kind) {
        List<NextHop> hops = new ArrayList<>();
        List<String> unknown = new ArrayList<>();
        for (SmartHost host : hosts) {
            try {
                for (InetAddress address : dns.getAllByName(host.host())) {
                    hops.add(new NextHop(
                            host.host(),
                            InetAddress.getByAddress(host.host(), address.getAddress()),
                            host.port(),
                            host.isImplicitTls()));
                }
            } catch (UnknownHostException e) {
                LOGGER.info("{} {} has no address: {}", kind, host.host(), e.getMessage());
                unknown.add(host.host());
            }
        }
        if (hops.isEmpty()) {
            return temporary("No address was found for the " + kind + " " + String.join(", ", unknown));
        }
        return new Answer.Hops(List.copyOf(hops.subList(0, Math.min(hops.size(), MOST_ADDRESSES))));
    }

    private static Answer temporary(String text) {
        return new Answer.NoHop(new Outcome.Deferred(DIRECTORY_FAILURE, "4.4.3 " + text), false);
    }
}
