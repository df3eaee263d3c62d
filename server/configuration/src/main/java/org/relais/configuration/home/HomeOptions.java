package org.relais.configuration.home;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What {@code relais init} is told. Texts as they were typed; {@link HomeCreator} checks them.
 *
 * @param hostname null: localhost
 * @param domain null: the domain in which {@code hostname} lies
 * @param portOffset added to every standard port
 * @param smartHost {@code HOST:PORT}; null: none
 * @param relayFrom networks
 */
public record HomeOptions(
        @Nullable String hostname,
        @Nullable String domain,
        int portOffset,
        @Nullable String smartHost,
        List<String> relayFrom) {
    /** What is added to the standard ports unless told otherwise, so that no privilege is needed. */
    public static final int STANDARD_PORT_OFFSET = 10_000;

    public HomeOptions {
        relayFrom = List.copyOf(relayFrom);
    }

    /** Of {@code relais init} without options, and of a first {@code relais run}. */
    public static HomeOptions standard() {
        return new HomeOptions(null, null, STANDARD_PORT_OFFSET, null, List.of());
    }

    String hostnameOrDefault() {
        return hostname == null ? "localhost" : hostname;
    }

    /** {@code mx.example.org} lies in {@code example.org}; {@code example.org} and {@code localhost} are their own. */
    String domainOrDefault() {
        if (domain != null) {
            return domain;
        }
        String host = hostnameOrDefault();
        String parent = host.substring(host.indexOf('.') + 1);
        return parent.contains(".") ? parent : host;
    }

    Optional<String> smartHostIfAny() {
        return Optional.ofNullable(smartHost);
    }
}
