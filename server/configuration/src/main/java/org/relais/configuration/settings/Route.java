package org.relais.configuration.settings;

import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.relais.model.AddressPattern;

/**
 * How some mail for other domains travels.
 *
 * @param to patterns of forward-paths, at least one
 * @param from patterns of reverse-paths, at least one
 * @param shuffle whether the hosts are tried in random order
 * @param credentialsFile what {@link Credentials#read} takes; null: no login
 * @param heloName our name in EHLO or LHLO; null: the hostname
 * @param sourceAddress the local address that connections come from; null: the system's choice
 * @param convert whether content that a next hop does not take may be converted to 7bit
 * @param line where relais.xml names it
 */
public record Route(
        List<AddressPattern> to,
        List<AddressPattern> from,
        RouteVia via,
        boolean shuffle,
        @Nullable Path credentialsFile,
        RouteTls tls,
        @Nullable String heloName,
        @Nullable InetAddress sourceAddress,
        boolean convert,
        int line) {

    public Route {
        to = List.copyOf(to);
        from = List.copyOf(from);
    }

    public Optional<Path> credentials() {
        return Optional.ofNullable(credentialsFile);
    }

    public Optional<String> helo() {
        return Optional.ofNullable(heloName);
    }

    public Optional<InetAddress> source() {
        return Optional.ofNullable(sourceAddress);
    }

    /** Whether every mail for another domain takes it. */
    public boolean isForAll() {
        return to.contains(AddressPattern.ANY) && from.contains(AddressPattern.ANY);
    }
}
