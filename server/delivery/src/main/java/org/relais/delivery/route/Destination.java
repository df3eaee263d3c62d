package org.relais.delivery.route;

import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What a queue is for: a route, and the domain where the route goes by MX.
 *
 * @param domain in lower case; empty where the route names its hosts
 */
public record Destination(Route route, String domain) {
    public Destination {
        domain = domain.toLowerCase(Locale.ROOT);
    }

    /** The domain, or {@code smtp://smart.example.net:587}: what commands and logs call it. */
    public String name() {
        if (!domain.isEmpty()) {
            return domain;
        }
        String hosts = route.via().stream().map(Route.Host::toString).collect(Collectors.joining(","));
        return route.protocol().name().toLowerCase(Locale.ROOT) + "://" + hosts;
    }
}
