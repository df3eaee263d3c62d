package org.relais.delivery.route;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.relais.dns.AddressLiteral;
import org.relais.dns.Dns;
import org.relais.dns.Lookup;
import org.relais.dns.MxHost;

/** DNS as the test writes it; what is not written does not exist. For one thread. */
final class FakeDns implements Dns {
    private final Map<String, Lookup<MxHost>> mx = new HashMap<>();
    private final Map<String, Lookup<InetAddress>> addresses = new HashMap<>();
    final List<String> asked = new ArrayList<>();

    FakeDns mx(String domain, Object... preferencesAndHosts) {
        List<MxHost> hosts = new ArrayList<>();
        for (int i = 0; i < preferencesAndHosts.length; i += 2) {
            hosts.add(new MxHost((Integer) preferencesAndHosts[i], (String) preferencesAndHosts[i + 1]));
        }
        mx.put(domain, new Lookup.Found<>(hosts));
        return this;
    }

    FakeDns mxIs(String domain, Lookup<MxHost> lookup) {
        mx.put(domain, lookup);
        return this;
    }

    FakeDns at(String host, String... literals) {
        return addressesAre(
                host,
                new Lookup.Found<>(List.of(literals).stream()
                        .map(literal -> AddressLiteral.of(literal).orElseThrow())
                        .toList()));
    }

    FakeDns addressesAre(String host, Lookup<InetAddress> lookup) {
        addresses.put(host, lookup);
        return this;
    }

    @Override
    public CompletionStage<Lookup<MxHost>> mx(String domain) {
        asked.add(domain);
        return CompletableFuture.completedFuture(mx.getOrDefault(domain, new Lookup.NoDomain<>()));
    }

    @Override
    public CompletionStage<Lookup<InetAddress>> addresses(String host) {
        asked.add(host);
        Lookup<InetAddress> unknown = AddressLiteral.of(host)
                .<Lookup<InetAddress>>map(address -> new Lookup.Found<>(List.of(address)))
                .orElseGet(Lookup.NoDomain::new);
        return CompletableFuture.completedFuture(addresses.getOrDefault(host, unknown));
    }
}
