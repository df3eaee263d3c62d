package org.relais.delivery.route;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.relais.dns.DomainName;
import org.relais.model.AddressPattern;

/**
 * Finds the route of a mail: the first rule that matches, or by MX. Its cost is a few look-ups in a hash table, however
 * many rules there are: of all rules with the same pair of patterns only the first matters, and a mail matches few
 * patterns. Immutable.
 */
public final class RouteTable {
    private final List<Route> routes = new ArrayList<>();
    /** The first rule with a pattern of the forward-path and a pattern of the reverse-path. */
    private final Map<AddressPattern, Map<AddressPattern, Integer>> firsts = new HashMap<>();

    private final Route byMx;

    public RouteTable(List<RouteRule> rules, Route byMx) {
        this.byMx = byMx;
        for (RouteRule rule : rules) {
            int number = routes.size();
            routes.add(rule.route());
            for (AddressPattern to : rule.to()) {
                Map<AddressPattern, Integer> ofTo = firsts.computeIfAbsent(to, key -> new HashMap<>());
                rule.from().forEach(from -> ofTo.putIfAbsent(from, number));
            }
        }
    }

    /**
     * @param reversePath empty for the null reverse-path
     * @param forwardPath without angle brackets
     */
    public Route routeOf(String reversePath, String forwardPath) {
        if (firsts.isEmpty()) {
            return byMx;
        }
        int first = Integer.MAX_VALUE;
        List<AddressPattern> ofFrom = AddressPattern.matchedBy(inAscii(reversePath));
        for (AddressPattern to : AddressPattern.matchedBy(inAscii(forwardPath))) {
            Map<AddressPattern, Integer> ofTo = firsts.get(to);
            if (ofTo != null) {
                for (AddressPattern from : ofFrom) {
                    first = Math.min(first, ofTo.getOrDefault(from, Integer.MAX_VALUE));
                }
            }
        }
        return first == Integer.MAX_VALUE ? byMx : routes.get(first);
    }

    /** Every route there is, each once. */
    public List<Route> routes() {
        List<Route> all = new ArrayList<>(routes);
        all.add(byMx);
        return all.stream().distinct().toList();
    }

    /** Patterns are in A-labels; the domain of a mail with SMTPUTF8 may be in U-labels. */
    private static String inAscii(String path) {
        int at = path.lastIndexOf('@');
        String domain = path.substring(at + 1);
        return domain.startsWith("[")
                ? path
                : DomainName.ascii(domain)
                        .map(ascii -> path.substring(0, at + 1) + ascii)
                        .orElse(path);
    }
}
