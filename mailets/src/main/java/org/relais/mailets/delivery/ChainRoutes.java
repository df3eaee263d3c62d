package org.relais.mailets.delivery;

import java.net.InetAddress;
import java.util.Optional;
import org.relais.delivery.route.Route;
import org.relais.delivery.route.Routes;
import org.relais.smtpclient.TlsPolicy;

/** The home's routes with what the chain says on top of them. */
record ChainRoutes(Routes home, Optional<TlsPolicy> tls, Optional<String> heloName, Optional<InetAddress> source)
        implements Routes {

    @Override
    public Route routeOf(String reversePath, String forwardPath) {
        Route route = home.routeOf(reversePath, forwardPath);
        return new Route(
                route.name(),
                route.via(),
                route.shufflesVia(),
                route.port(),
                route.protocol(),
                tls.orElse(route.tls()),
                route.credentials(),
                heloName.orElse(route.heloName()),
                source.or(route::source),
                route.converts());
    }
}
