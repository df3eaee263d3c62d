package org.relais.delivery.route;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.relais.smtpclient.Protocol;
import org.relais.smtpclient.TlsPolicy;

/** TestRoutes for tests. */
final class TestRoutes {
    private TestRoutes() {}

    static Route byMx() {
        return route("MX", List.of(), false);
    }

    static Route via(String name, String... hosts) {
        return route(name, hosts(hosts), false);
    }

    static Route shuffled(String... hosts) {
        return route("shuffled", hosts(hosts), true);
    }

    private static List<Route.Host> hosts(String... hosts) {
        return Arrays.stream(hosts).map(host -> new Route.Host(host, 2525)).toList();
    }

    private static Route route(String name, List<Route.Host> via, boolean shuffles) {
        return new Route(
                name,
                via,
                shuffles,
                25,
                Protocol.SMTP,
                TlsPolicy.OPPORTUNISTIC,
                Optional.empty(),
                "relay.example.org",
                Optional.empty(),
                false);
    }
}
