package org.relais.delivery.route;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.relais.delivery.Outcome;
import org.relais.delivery.route.Candidate.Resolved;
import org.relais.dns.AddressLiteral;
import org.relais.dns.Dns;
import org.relais.dns.Lookup;
import org.relais.dns.MxHost;
import org.relais.model.EnhancedStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The servers of a destination: the hosts that its route names, or the MX hosts of its domain (RFC 5321 §5.1), or its
 * address as the implicit MX. Looks up at most {@value MxSelection#MAX_HOSTS} hosts, at once, and answers with at most
 * {@value EndpointSelection#MAX_ENDPOINTS} endpoints. Keeps nothing: memory is the resolver's. Safe for use by many
 * threads.
 */
public final class RoutedNextHops implements NextHops {
    private static final Logger LOGGER = LoggerFactory.getLogger(RoutedNextHops.class);

    private static final EnhancedStatus BAD_DOMAIN = new EnhancedStatus(5, 1, 2);
    private static final EnhancedStatus BAD_ADDRESS = new EnhancedStatus(5, 1, 3);
    private static final EnhancedStatus NULL_MX = new EnhancedStatus(5, 1, 10);
    private static final EnhancedStatus DIRECTORY_FAILURE = new EnhancedStatus(4, 4, 3);
    private static final EnhancedStatus OUR_FAULT = new EnhancedStatus(4, 3, 0);

    private final Dns dns;
    private final Self self;
    private final Random random;

    /** @param random for the choice among equals, as often as many threads ask */
    public RoutedNextHops(Dns dns, Self self, Random random) {
        this.dns = dns;
        this.self = self;
        this.random = random;
    }

    @Override
    public CompletionStage<Hops> of(Destination destination) {
        CompletionStage<Hops> hops;
        try {
            hops = destination.route().via().isEmpty() ? byMx(destination) : byRoute(destination);
        } catch (RuntimeException e) {
            hops = CompletableFuture.failedFuture(e);
        }
        return hops.exceptionally(failure -> {
            LOGGER.error(
                    "the next hops of {} were not found because of a bug; its mail waits", destination.name(), failure);
            return new Hops.None(
                    new Outcome.Deferred(OUR_FAULT, "this relay failed to find the next hop; it tries again"), false);
        });
    }

    private CompletionStage<Hops> byRoute(Destination destination) {
        Route route = destination.route();
        List<Route.Host> via = new ArrayList<>(route.via());
        if (route.shufflesVia()) {
            Collections.shuffle(via, random);
        }
        List<Candidate> candidates = new ArrayList<>();
        for (Route.Host host : via.subList(0, Math.min(via.size(), MxSelection.MAX_HOSTS))) {
            candidates.add(new Candidate(host.host(), candidates.size(), host.port()));
        }
        return resolved(candidates)
                .thenApply(hosts -> new EndpointSelection(destination, self, random, hosts, false, List.of()).hops());
    }

    private CompletionStage<Hops> byMx(Destination destination) {
        String domain = destination.domain();
        if (domain.isEmpty()) {
            return none(new Outcome.Failed(BAD_ADDRESS, "the address has no domain"), false);
        }
        if (domain.startsWith("[")) {
            return byLiteral(destination);
        }
        return dns.mx(domain).thenCompose(answer -> {
            if (answer instanceof Lookup.Found<MxHost> found) {
                return byMxHosts(destination, found.records());
            }
            if (answer instanceof Lookup.Failed<MxHost> failed) {
                return none(
                        new Outcome.Deferred(
                                DIRECTORY_FAILURE,
                                "the MX hosts of " + domain + " cannot be looked up now: " + failed.why()),
                        false);
            }
            return answer instanceof Lookup.NoData<MxHost> ? byAddress(destination) : unknown(domain);
        });
    }

    /** RFC 5321 §4.1.3: the server at that address, whatever DNS says. */
    private CompletionStage<Hops> byLiteral(Destination destination) {
        Optional<InetAddress> address = AddressLiteral.ofDomain(destination.domain());
        if (address.isEmpty()) {
            return none(new Outcome.Failed(BAD_DOMAIN, destination.domain() + " is no address of IPv4 or IPv6"), false);
        }
        Candidate host = new Candidate(
                address.get().getHostAddress(), 0, destination.route().port());
        List<Resolved> hosts = List.of(new Resolved(host, new Lookup.Found<>(List.of(address.get()))));
        return CompletableFuture.completedFuture(
                new EndpointSelection(destination, self, random, hosts, false, List.of()).hops());
    }

    private CompletionStage<Hops> byMxHosts(Destination destination, List<MxHost> found) {
        MxSelection selection = MxSelection.of(found, destination.route().port(), self, random);
        if (selection.isNull()) {
            return none(
                    new Outcome.Failed(
                            NULL_MX, "the domain " + destination.domain() + " takes no mail: it has a null MX"),
                    false);
        }
        return resolved(selection.candidates())
                .thenApply(hosts -> new EndpointSelection(
                                destination, self, random, hosts, selection.isOurs(), selection.refused())
                        .hops());
    }

    /** RFC 5321 §5.1: a domain without MX is its own MX host, if it has an address. */
    private CompletionStage<Hops> byAddress(Destination destination) {
        String domain = destination.domain();
        if (self.isNamed(domain)) {
            return CompletableFuture.completedFuture(
                    new EndpointSelection(destination, self, random, List.of(), true, List.of()).hops());
        }
        Candidate itself = new Candidate(domain, 0, destination.route().port());
        return resolved(List.of(itself)).thenCompose(hosts -> {
            Lookup<InetAddress> addresses = hosts.get(0).addresses();
            if (addresses instanceof Lookup.NoData<InetAddress>) {
                return none(
                        new Outcome.Failed(
                                BAD_DOMAIN, "the domain " + domain + " has neither an MX host nor an address"),
                        true);
            }
            return addresses instanceof Lookup.NoDomain<InetAddress>
                    ? unknown(domain)
                    : CompletableFuture.completedFuture(
                            new EndpointSelection(destination, self, random, hosts, false, List.of()).hops());
        });
    }

    private CompletionStage<List<Resolved>> resolved(List<Candidate> candidates) {
        CompletionStage<List<Resolved>> all = CompletableFuture.completedFuture(List.of());
        List<CompletionStage<Resolved>> each = candidates.stream()
                .map(host -> dns.addresses(host.host()).thenApply(found -> new Resolved(host, found)))
                .toList();
        for (CompletionStage<Resolved> one : each) {
            all = all.thenCombine(one, (so, next) -> {
                List<Resolved> more = new ArrayList<>(so);
                more.add(next);
                return List.copyOf(more);
            });
        }
        return all;
    }

    private static CompletionStage<Hops> unknown(String domain) {
        return none(new Outcome.Failed(BAD_DOMAIN, "the domain " + domain + " does not exist"), true);
    }

    private static CompletionStage<Hops> none(Outcome outcome, boolean isUnknownDomain) {
        return CompletableFuture.completedFuture(new Hops.None(outcome, isUnknownDomain));
    }
}
