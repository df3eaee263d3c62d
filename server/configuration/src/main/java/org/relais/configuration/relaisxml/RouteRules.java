package org.relais.configuration.relaisxml;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.relais.configuration.settings.Credentials;
import org.relais.configuration.settings.HostPort;
import org.relais.configuration.settings.IpAddresses;
import org.relais.configuration.settings.Listener;
import org.relais.configuration.settings.Protocol;
import org.relais.configuration.settings.RelaisSettings;
import org.relais.configuration.settings.Route;
import org.relais.configuration.settings.RouteTls;
import org.relais.configuration.settings.RouteVia.Scheme;
import org.relais.model.AddressPattern;

/** What must hold of each route, and between them. */
final class RouteRules {
    /** Which route, by its line, was the first for a pattern of recipients and a pattern of senders. */
    private final Map<AddressPattern, Map<AddressPattern, Integer>> firsts = new HashMap<>();

    private final RelaisSettings settings;
    private final Report report;

    RouteRules(RelaisSettings settings, Report report) {
        this.settings = settings;
        this.report = report;
    }

    void check() {
        for (Route route : settings.routes()) {
            reach(route);
            loop(route);
            transport(route);
            route.credentials().ifPresent(file -> login(route, file));
        }
    }

    /** A route is never used if earlier ones take all of its mail. */
    private void reach(Route route) {
        boolean isReached = false;
        int taker = 0;
        for (AddressPattern to : route.to()) {
            for (AddressPattern from : route.from()) {
                Optional<Integer> earlier = earlier(to.covering(), from.covering());
                isReached |= earlier.isEmpty();
                taker = earlier.orElse(taker);
            }
        }
        if (!isReached) {
            report.notice(
                    route.line(),
                    "this route is never used: the first route that matches counts, and the one in line " + taker
                            + " takes all of its mail",
                    "write it before that one, or delete it");
        }
        for (AddressPattern to : route.to()) {
            Map<AddressPattern, Integer> ofTo = firsts.computeIfAbsent(to, key -> new HashMap<>());
            route.from().forEach(from -> ofTo.putIfAbsent(from, route.line()));
        }
    }

    private Optional<Integer> earlier(List<AddressPattern> tos, List<AddressPattern> froms) {
        return tos.stream()
                .map(to -> firsts.getOrDefault(to, Map.of()))
                .flatMap(ofTo -> froms.stream().filter(ofTo::containsKey).map(ofTo::get))
                .min(Integer::compare);
    }

    private void transport(Route route) {
        if (route.via().scheme() == Scheme.SMTPS && route.tls() == RouteTls.NONE) {
            report.error(
                    route.line(),
                    "smtps:// is TLS from the first octet on, but tls is none",
                    "write smtp://, or delete tls=\"none\"");
        }
        Optional<InetAddress> source = route.source();
        if (source.isPresent()
                && (source.get().isAnyLocalAddress() || source.get().isMulticastAddress())) {
            report.error(
                    route.line(),
                    "the source " + source.get().getHostAddress() + " is no address that connections can come from",
                    "write an address of this machine, or delete it for the system's choice");
        }
    }

    private void login(Route route, Path file) {
        if (route.via().scheme() == Scheme.MX) {
            report.error(
                    route.line(),
                    "the password would be offered to the MX hosts of every domain",
                    "name the host that it is for in via=\"smtp://…\", or delete credentials");
        }
        FileRules.unreadable(file)
                .ifPresentOrElse(
                        problem -> report.error(
                                route.line(),
                                "the credentials file " + file + " " + problem,
                                "write the user name and the password into it, on a line each, readable by relais only"),
                        () -> content(route, file));
        if (route.tls() == RouteTls.NONE) {
            report.notice(
                    route.line(),
                    "the password travels in the clear",
                    "write tls=\"required\", or tls=\"verified\", unless the way there is safe by itself");
        } else if (!route.tls().isMandatory() && route.via().scheme() != Scheme.SMTPS) {
            report.notice(
                    route.line(),
                    "nobody logs in without TLS: where the next hop offers none, or somebody in between hides it, mail"
                            + " waits or goes without the login",
                    "write tls=\"required\", or tls=\"verified\" to know whose server gets the password");
        }
    }

    private void content(Route route, Path file) {
        if (FileRules.isReadableByOthers(file)) {
            report.error(
                    route.line(),
                    "the credentials file " + file + " can be read by every user of this machine",
                    "chmod 600 " + file);
        }
        try {
            Credentials.read(file);
        } catch (IOException e) {
            report.error(
                    route.line(),
                    "the credentials file " + file + " cannot be used: " + e.getMessage(),
                    "write the user name and the password into it, on a line each");
        }
    }

    private void loop(Route route) {
        for (HostPort host : route.via().hosts()) {
            for (Listener listener : settings.listeners()) {
                boolean takesMail = listener.protocol() == Protocol.SMTP
                        || listener.protocol() == Protocol.SUBMISSION
                        || listener.protocol() == Protocol.LMTP;
                if (takesMail && listener.port() == host.port() && isAt(host.host(), listener.address())) {
                    report.error(
                            route.line(),
                            "the next hop " + host + " is this relay's own " + listener.inWords()
                                    + ": mail would go in circles",
                            "name another host, or write via=\"mx\" to deliver to the MX hosts of each domain");
                    return;
                }
            }
        }
    }

    private boolean isAt(String host, InetAddress listener) {
        if (host.equals("localhost") || host.equals(settings.hostname())) {
            return true;
        }
        return IpAddresses.parse(host)
                .filter(address -> address.equals(listener)
                        || address.isAnyLocalAddress()
                        || address.isLoopbackAddress() && listener.isAnyLocalAddress())
                .isPresent();
    }
}
