package org.relais.distribution.chain;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.relais.configuration.settings.DeliverySettings;
import org.relais.configuration.settings.RelaisSettings;
import org.relais.configuration.settings.Route;
import org.relais.configuration.settings.RouteVia.Scheme;
import org.relais.mailets.relay.Credentials;
import org.relais.mailets.relay.RelaySchedule;
import org.relais.mailets.relay.RelaySettings;
import org.relais.mailets.relay.SmartHost;
import org.relais.mailets.relay.TlsPolicy;

/** From the routes and delivery settings of relais.xml to what the relay mailet is made with. */
public final class RelayMapping {
    /** Sessions, chain and delivery are drained one after the other; the sessions' bound is the longest. */
    static final int DRAIN_SHARE = 4;

    private RelayMapping() {}

    /** @throws IOException if the credentials' file cannot be read; the message names it, never its content */
    public static RelaySettings of(RelaisSettings settings) throws IOException {
        DeliverySettings delivery = settings.delivery();
        RelaySettings relay = RelaySettings.standard(settings.hostname())
                .withDrain(settings.limits().drainTimeout().dividedBy(DRAIN_SHARE))
                .withThreads(delivery.threads())
                .withSchedule(new RelaySchedule(delivery.retrySchedule(), Integer.MAX_VALUE, delivery.expiry()));
        Optional<Route> route = settings.routes().stream()
                .filter(each -> each.isForAll() && !each.via().hosts().isEmpty())
                .findFirst();
        if (route.isEmpty()) {
            return relay;
        }
        List<SmartHost> hosts = route.get().via().hosts().stream()
                .map(host -> new SmartHost(
                        host.host(), host.port(), route.get().via().scheme() == Scheme.SMTPS))
                .toList();
        return relay.withSmartHosts(hosts).withTls(tls(route.get())).withCredentials(credentials(route.get()));
    }

    private static TlsPolicy tls(Route route) {
        return switch (route.tls()) {
            case NONE -> TlsPolicy.NONE;
            case OPPORTUNISTIC -> TlsPolicy.OPPORTUNISTIC;
            case REQUIRED -> TlsPolicy.REQUIRED;
            case VERIFIED -> TlsPolicy.VERIFIED;
        };
    }

    private static Optional<Credentials> credentials(Route route) throws IOException {
        Optional<Path> file = route.credentials();
        if (file.isEmpty()) {
            return Optional.empty();
        }
        var read = org.relais.configuration.settings.Credentials.read(file.get());
        return Optional.of(new Credentials(read.user(), read.password()));
    }
}
