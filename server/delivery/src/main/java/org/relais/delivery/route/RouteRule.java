package org.relais.delivery.route;

import java.util.List;
import org.relais.model.AddressPattern;

/**
 * A route, and the mail that it is for.
 *
 * @param to patterns of forward-paths, of which one must match
 * @param from patterns of reverse-paths, of which one must match
 */
public record RouteRule(List<AddressPattern> to, List<AddressPattern> from, Route route) {
    public RouteRule {
        to = List.copyOf(to);
        from = List.copyOf(from);
    }
}
