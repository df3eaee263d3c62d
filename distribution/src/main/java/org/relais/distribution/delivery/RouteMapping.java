package org.relais.distribution.delivery;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.relais.configuration.settings.HostPort;
import org.relais.configuration.settings.IpAddresses;
import org.relais.configuration.settings.Listener;
import org.relais.configuration.settings.Protocol;
import org.relais.configuration.settings.RelaisSettings;
import org.relais.configuration.settings.RouteTls;
import org.relais.configuration.settings.RouteVia.Scheme;
import org.relais.delivery.route.Route;
import org.relais.delivery.route.RouteRule;
import org.relais.delivery.route.RouteTable;
import org.relais.delivery.route.Self;
import org.relais.dns.DnsSettings;
import org.relais.smtpclient.Credentials;
import org.relais.smtpclient.TlsPolicy;

/** From relais.xml to what routing is made with. */
public final class RouteMapping {
    private RouteMapping() {}

    /**
     * Credentials are read here, once.
     *
     * @throws IOException if a credentials file cannot be read; the message names it and its route, never its content
     */
    public static RouteTable routes(RelaisSettings settings) throws IOException {
        List<RouteRule> rules = new ArrayList<>();
        for (org.relais.configuration.settings.Route route : settings.routes()) {
            rules.add(new RouteRule(route.to(), route.from(), route(route, settings.hostname())));
        }
        return new RouteTable(rules, byMx(settings.hostname()));
    }

    private static Route byMx(String hostname) {
        return new Route(
                "MX",
                List.of(),
                false,
                Scheme.MX.standardPort(),
                org.relais.smtpclient.Protocol.SMTP,
                TlsPolicy.OPPORTUNISTIC,
                Optional.empty(),
                hostname,
                Optional.empty(),
                false);
    }

    private static Route route(org.relais.configuration.settings.Route route, String hostname) throws IOException {
        String name = "the route in line " + route.line();
        Scheme scheme = route.via().scheme();
        return new Route(
                name,
                route.via().hosts().stream()
                        .map(host -> new Route.Host(host.host(), host.port()))
                        .toList(),
                route.shuffle(),
                route.via().mxPort(),
                scheme == Scheme.LMTP ? org.relais.smtpclient.Protocol.LMTP : org.relais.smtpclient.Protocol.SMTP,
                new TlsPolicy(level(route.tls()), scheme == Scheme.SMTPS, name),
                credentials(route),
                route.helo().orElse(hostname),
                route.source(),
                route.convert());
    }

    private static TlsPolicy.Level level(RouteTls tls) {
        return switch (tls) {
            case NONE -> TlsPolicy.Level.NONE;
            case OPPORTUNISTIC -> TlsPolicy.Level.OPPORTUNISTIC;
            case REQUIRED -> TlsPolicy.Level.REQUIRED;
            case VERIFIED -> TlsPolicy.Level.VERIFIED;
        };
    }

    private static Optional<Credentials> credentials(org.relais.configuration.settings.Route route) throws IOException {
        Optional<Path> file = route.credentials();
        if (file.isEmpty()) {
            return Optional.empty();
        }
        try {
            var read = org.relais.configuration.settings.Credentials.read(file.get());
            return Optional.of(new Credentials(read.user(), read.password()));
        } catch (IOException e) {
            throw new IOException(
                    "the credentials file " + file.get() + " of the route in line " + route.line() + " cannot be used: "
                            + e.getMessage(),
                    e);
        }
    }

    /**
     * What mail must not be sent to, as it would come back. Addresses that this machine gets later are not known.
     *
     * @throws IOException if this machine's addresses cannot be listed
     */
    public static Self self(RelaisSettings settings) throws IOException {
        List<InetAddress> addresses = new ArrayList<>();
        for (NetworkInterface network : Collections.list(NetworkInterface.getNetworkInterfaces())) {
            addresses.addAll(Collections.list(network.getInetAddresses()));
        }
        return self(settings, addresses);
    }

    static Self self(RelaisSettings settings, List<InetAddress> addresses) {
        List<InetSocketAddress> places = settings.listeners().stream()
                .filter(listener -> takesMail(listener.protocol()))
                .map(RouteMapping::place)
                .toList();
        return Self.of(List.of(settings.hostname()), places, addresses);
    }

    private static boolean takesMail(Protocol protocol) {
        return protocol == Protocol.SMTP || protocol == Protocol.SUBMISSION || protocol == Protocol.LMTP;
    }

    private static InetSocketAddress place(Listener listener) {
        return new InetSocketAddress(listener.address(), listener.port());
    }

    public static DnsSettings dns(RelaisSettings settings) {
        return DnsSettings.standard(
                settings.dnsServers().stream().map(RouteMapping::server).toList());
    }

    private static InetSocketAddress server(HostPort server) {
        // The settings hold addresses only: nothing is looked up.
        return new InetSocketAddress(IpAddresses.parse(server.host()).orElseThrow(), server.port());
    }
}
