package org.relais.delivery.engine;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.relais.delivery.control.DeliveryControl;
import org.relais.delivery.control.Order;
import org.relais.delivery.route.Destination;
import org.relais.delivery.route.Route;
import org.relais.smtpclient.Protocol;
import org.relais.spool.EnvelopeDetails;
import org.relais.spool.Spool;

/**
 * Applies what an operator ordered. What is suspended is parked in the spool, on a lane for each order: nothing is
 * written for it, and it is due at once when the order ends. Safe for use by many threads.
 */
final class Orders {
    private static final Pattern VIA = Pattern.compile("(smtp|lmtp)://(?:\\[([^]]+)]|([^:/]+)):(\\d{1,5})/?");
    /** Below those of the schedule, which are not negative. */
    private static final long FIRST_LANE = Long.MIN_VALUE;

    private final DeliveryControl control;
    private final Spool spool;
    private final Set<Long> suspending = new HashSet<>();

    Orders(DeliveryControl control, Spool spool) {
        this.control = control;
        this.spool = spool;
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

    /** The lane on which a job is to be parked, if it is suspended. */
    OptionalLong lane(Job job) {
        EnvelopeDetails details = job.details();
        Optional<Order> order = control.suspension(
                job.destination().name(),
                details.reversePath(),
                details.forwardPath(),
                details.queueId().value());
        if (order.isEmpty()) {
            return OptionalLong.empty();
        }
        synchronized (suspending) {
            suspending.add(order.get().number());
        }
        return OptionalLong.of(FIRST_LANE + order.get().number());
    }

    /** Makes due what was parked for orders that hold no more. */
    void release() {
        synchronized (suspending) {
            if (suspending.isEmpty()) {
                return;
            }
            Set<Long> inForce = new HashSet<>();
            control.list().forEach(order -> inForce.add(order.number()));
            suspending.removeIf(number -> {
                boolean hasEnded = !inForce.contains(number);
                if (hasEnded) {
                    spool.unpark(FIRST_LANE + number);
                }
                return hasEnded;
            });
        }
    }
}
