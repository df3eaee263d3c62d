package org.relais.delivery.engine;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.relais.delivery.control.DeliveryControl;
import org.relais.delivery.control.Order;
import org.relais.delivery.route.Destination;
import org.relais.delivery.route.Route;
import org.relais.smtpclient.Protocol;
import org.relais.spool.EnvelopeDetails;

/** Sends mail elsewhere that an operator rerouted. Safe for use by many threads. */
final class Reroutes {
    private static final Pattern VIA = Pattern.compile("(smtp|lmtp)://(?:\\[([^]]+)]|([^:/]+)):(\\d{1,5})/?");

    private final DeliveryControl control;

    Reroutes(DeliveryControl control) {
        this.control = control;
    }

    /** Where a mail goes that goes {@code usually} there. */
    Destination destination(Destination usually, EnvelopeDetails details) {
        return control.reroute(
                        usually.name(),
                        details.reversePath(),
                        details.forwardPath(),
                        details.queueId().value())
                .flatMap(Order::via)
                .map(via -> route(via, usually.route()).destination(details.forwardDomain()))
                .orElse(usually);
    }

    private static Route route(String via, Route usual) {
        Matcher matcher = VIA.matcher(via);
        boolean isNamed = matcher.matches();
        List<Route.Host> hosts = isNamed
                ? List.of(new Route.Host(
                        matcher.group(2) == null ? matcher.group(3) : matcher.group(2),
                        Integer.parseInt(matcher.group(4))))
                : List.of();
        return new Route(
                "an order: " + via,
                hosts,
                false,
                usual.port(),
                isNamed && matcher.group(1).equals("lmtp") ? Protocol.LMTP : Protocol.SMTP,
                usual.tls(),
                // Credentials are for the host that they were given for.
                Optional.empty(),
                usual.heloName(),
                usual.source(),
                usual.converts());
    }
}
