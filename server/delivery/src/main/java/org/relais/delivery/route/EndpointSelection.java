package org.relais.delivery.route;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.relais.delivery.Outcome;
import org.relais.delivery.route.Candidate.Resolved;
import org.relais.dns.Lookup;
import org.relais.model.EnhancedStatus;
import org.relais.smtpclient.Endpoint;

/**
 * From hosts whose addresses were looked up to the endpoints to try, or to why there is none. Pure; for one thread.
 *
 * <p>A mistake in our own configuration, and what DNS cannot say now, defer. What the domain's own DNS says wrong fails:
 * it is its sender who must know, and RFC 5321 §5.1 asks for it.
 */
final class EndpointSelection {
    static final int MAX_ENDPOINTS = 10;
    /** So that a first host with many addresses does not keep an attempt from the second. */
    private static final int MAX_OF_ONE_HOST = 4;

    private static final EnhancedStatus NO_ROUTE = new EnhancedStatus(5, 4, 4);
    private static final EnhancedStatus LOOP = new EnhancedStatus(5, 4, 6);
    private static final EnhancedStatus DIRECTORY_FAILURE = new EnhancedStatus(4, 4, 3);
    private static final EnhancedStatus NO_ROUTE_NOW = new EnhancedStatus(4, 4, 4);
    private static final EnhancedStatus CONFIGURATION = new EnhancedStatus(4, 3, 5);

    private final Destination destination;
    private final Self self;
    private final Random random;
    private final List<Resolved> hosts;
    private final boolean isNamedByRoute;
    private boolean isOurs;
    private final List<String> refused;
    private final List<String> otherFamily = new ArrayList<>();

    /**
     * @param isOurs whether we are known already to be one of the domain's hosts
     * @param refused hosts that are known already to lead nowhere
     */
    EndpointSelection(
            Destination destination,
            Self self,
            Random random,
            List<Resolved> hosts,
            boolean isOurs,
            List<String> refused) {
        this.destination = destination;
        this.self = self;
        this.random = random;
        this.hosts = hosts;
        this.isNamedByRoute = !destination.route().via().isEmpty();
        this.isOurs = isOurs;
        this.refused = new ArrayList<>(refused);
    }

    Hops hops() {
        List<Resolved> candidates = withoutOurs();
        List<Endpoint> endpoints = new ArrayList<>();
        for (Resolved host : candidates) {
            Addresses.interleaved(usable(host), random).stream()
                    .limit(candidates.size() == 1 ? MAX_ENDPOINTS : MAX_OF_ONE_HOST)
                    .forEach(address -> endpoints.add(endpoint(host.candidate(), address)));
        }
        return endpoints.isEmpty()
                ? new Hops.None(none(candidates), false)
                : new Hops.Found(endpoints.subList(0, Math.min(endpoints.size(), MAX_ENDPOINTS)));
    }

    /**
     * RFC 5321 §5.1: where we are an MX host of the domain, hosts that are not preferred to us would send it back. Of
     * hosts that a route names only we ourselves are left out.
     */
    private List<Resolved> withoutOurs() {
        List<Resolved> ours = hosts.stream()
                .filter(host -> host.found().stream().anyMatch(address -> isUs(address, host.candidate())))
                .toList();
        if (ours.isEmpty()) {
            return hosts;
        }
        isOurs = true;
        int bound =
                ours.stream().mapToInt(host -> host.candidate().rank()).min().orElseThrow();
        return hosts.stream()
                .filter(host ->
                        isNamedByRoute ? !ours.contains(host) : host.candidate().rank() < bound)
                .toList();
    }

    /** An address that is refused is the domain's mistake, and tells nothing of its other hosts, even if we are there. */
    private boolean isUs(InetAddress address, Candidate host) {
        return self.isAt(address, host.port()) && (isNamedByRoute || isTaken(address));
    }

    private boolean isTaken(InetAddress address) {
        return Addresses.isSomebody(address, isNamedByRoute || self.isOnLoopbackOnly());
    }

    private List<InetAddress> usable(Resolved host) {
        List<InetAddress> usable = new ArrayList<>();
        for (InetAddress address : host.found()) {
            String shown = host.candidate().host() + " has the address " + address.getHostAddress();
            if (!isTaken(address)) {
                refused.add(shown);
            } else if (destination
                    .route()
                    .source()
                    .filter(source -> source.getClass() != address.getClass())
                    .isPresent()) {
                otherFamily.add(shown);
            } else {
                usable.add(address);
            }
        }
        return usable;
    }

    private Endpoint endpoint(Candidate host, InetAddress address) {
        Route route = destination.route();
        return new Endpoint(
                host.host(),
                address,
                host.port(),
                route.protocol(),
                route.tls(),
                new Endpoint.Identity(route.heloName(), route.source()),
                route.credentials());
    }

    private Outcome none(List<Resolved> candidates) {
        for (Resolved host : candidates) {
            if (host.addresses() instanceof Lookup.Failed<InetAddress> failed) {
                return new Outcome.Deferred(
                        DIRECTORY_FAILURE,
                        "the address of " + host.candidate().host() + ", " + role() + ", cannot be looked up now: "
                                + failed.why());
            }
        }
        if (!otherFamily.isEmpty()) {
            return new Outcome.Deferred(
                    NO_ROUTE_NOW,
                    otherFamily.get(0) + ", which " + destination.route().name() + " cannot reach from its source "
                            + destination
                                    .route()
                                    .source()
                                    .map(InetAddress::getHostAddress)
                                    .orElse(""));
        }
        return isNamedByRoute ? noneNamed() : noneByMx(candidates);
    }

    private Outcome noneNamed() {
        String name = destination.route().name();
        if (isOurs) {
            return new Outcome.Deferred(
                    CONFIGURATION, name + " leads back to this relay: name another host in its via");
        }
        return new Outcome.Deferred(
                CONFIGURATION,
                refused.isEmpty()
                        ? "no host of " + name + " has an address in DNS ("
                                + hosts.stream()
                                        .map(host -> host.candidate().host())
                                        .collect(Collectors.joining(", "))
                                + "): correct its via"
                        : refused.get(0) + ", where no server can be: correct the via of " + name);
    }

    private Outcome noneByMx(List<Resolved> candidates) {
        String domain = destination.domain();
        if (isOurs) {
            return new Outcome.Failed(
                    LOOP,
                    "mail for " + domain + " loops back to this relay, which is its MX host but does not serve it: add "
                            + domain + " to the domains of this relay, or a route for it, or change its MX");
        }
        if (!refused.isEmpty()) {
            return new Outcome.Failed(
                    NO_ROUTE,
                    "no MX host of " + domain + " can be reached by others (" + refused.get(0)
                            + "): its MX must be corrected");
        }
        return new Outcome.Failed(
                NO_ROUTE,
                "no MX host of " + domain + " has an address in DNS ("
                        + candidates.stream()
                                .limit(3)
                                .map(host -> host.candidate().host())
                                .collect(Collectors.joining(", "))
                        + (candidates.size() > 3 ? ", …" : "") + "): its MX must be corrected");
    }

    private String role() {
        return isNamedByRoute
                ? "the next hop of " + destination.route().name()
                : "an MX host of " + destination.domain();
    }
}
