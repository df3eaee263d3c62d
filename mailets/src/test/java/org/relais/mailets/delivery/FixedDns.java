package org.relais.mailets.delivery;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.james.dnsservice.api.DNSService;
import org.apache.james.dnsservice.api.TemporaryResolutionException;
import org.relais.dns.Dns;
import org.relais.dns.Lookup;
import org.relais.dns.MxHost;

/** A DNS that knows what the test told it: MX hosts of domains, addresses of hosts. */
public final class FixedDns implements DNSService {
    private final Map<String, List<String>> mx = new HashMap<>();
    private final Map<String, List<String>> addresses = new HashMap<>();
    boolean isDown;
    /** A bug of ours, as far as the delivery can tell. */
    boolean isBroken;

    public FixedDns mx(String domain, String... hosts) {
        mx.put(domain, List.of(hosts));
        return this;
    }

    public FixedDns address(String host, String... literals) {
        addresses.put(host, List.of(literals));
        return this;
    }

    @Override
    public Collection<String> findMXRecords(String domain) throws TemporaryResolutionException {
        if (isBroken) {
            throw new IllegalStateException("a bug");
        }
        if (isDown) {
            throw new TemporaryResolutionException("SERVFAIL");
        }
        return mx.getOrDefault(domain, List.of());
    }

    @Override
    public Collection<InetAddress> getAllByName(String host) throws UnknownHostException {
        List<InetAddress> found = new ArrayList<>();
        for (String literal : addresses.getOrDefault(host, host.matches("[0-9.]+") ? List.of(host) : List.of())) {
            found.add(InetAddress.getByName(literal));
        }
        if (found.isEmpty()) {
            throw new UnknownHostException(host);
        }
        return found;
    }

    @Override
    public InetAddress getByName(String host) throws UnknownHostException {
        return getAllByName(host).iterator().next();
    }

    @Override
    public Collection<String> findTXTRecords(String hostname) {
        return List.of();
    }

    @Override
    public InetAddress getLocalHost() throws UnknownHostException {
        return InetAddress.getByName("127.0.0.1");
    }

    @Override
    public String getHostName(InetAddress address) {
        return "relay.example.org";
    }

    /** The same knowledge for our own delivery. */
    public Dns names() {
        return new Dns() {
            @Override
            public CompletionStage<Lookup<MxHost>> mx(String domain) {
                return CompletableFuture.completedFuture(hostsOf(domain));
            }

            @Override
            public CompletionStage<Lookup<InetAddress>> addresses(String host) {
                return CompletableFuture.completedFuture(addressesOf(host));
            }
        };
    }

    private Lookup<MxHost> hostsOf(String domain) {
        if (isBroken) {
            throw new IllegalStateException("a bug");
        }
        if (isDown) {
            return new Lookup.Failed<>("SERVFAIL");
        }
        List<MxHost> hosts = new ArrayList<>();
        for (String host : mx.getOrDefault(domain, List.of())) {
            hosts.add(new MxHost(10, host.endsWith(".") ? host.substring(0, host.length() - 1) : host));
        }
        return hosts.isEmpty() ? new Lookup.NoDomain<>() : new Lookup.Found<>(hosts);
    }

    private Lookup<InetAddress> addressesOf(String host) {
        try {
            return new Lookup.Found<>(List.copyOf(getAllByName(host)));
        } catch (UnknownHostException e) {
            return new Lookup.NoDomain<>();
        }
    }
}
