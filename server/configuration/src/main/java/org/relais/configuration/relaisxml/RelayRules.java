package org.relais.configuration.relaisxml;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.relais.configuration.schema.RelaisSchema;
import org.relais.configuration.settings.Credentials;
import org.relais.configuration.settings.HostPort;
import org.relais.configuration.settings.IpAddresses;
import org.relais.configuration.settings.Listener;
import org.relais.configuration.settings.Network;
import org.relais.configuration.settings.Protocol;
import org.relais.configuration.settings.RelaisSettings;
import org.relais.configuration.settings.Route;
import org.relais.configuration.settings.RouteTls;

/** Who may relay, to where, and for how long it is tried. */
final class RelayRules {
    /** Shorter prefixes hold more addresses than any organisation has: 10.0.0.0/8 and fc00::/7 are the widest. */
    private static final int WIDEST_IPV4 = 8;

    private static final int WIDEST_IPV6 = 7;

    private final RelaisSettings settings;
    private final Content content;
    private final Report report;

    RelayRules(RelaisSettings settings, Content content, Report report) {
        this.settings = settings;
        this.content = content;
        this.report = report;
    }

    void check() {
        content.items(RelaisSchema.RELAY_FROM).map(Content.ItemList::values).orElse(List.of()).stream()
                .forEach(network -> openRelay(network.get(RelaisSchema.RELAY_NETWORK), network.line()));
        for (int i = 0; i < settings.routes().size(); i++) {
            Route route = settings.routes().get(i);
            if (i > 0) {
                report.error(
                        route.line(),
                        "a second route; the first is in line "
                                + settings.routes().get(0).line(),
                        "keep one: in this version there is one smart host for all domains");
            }
            route(route);
        }
        Values values = content.values();
        if (settings.delivery()
                        .expiry()
                        .compareTo(settings.delivery().retrySchedule().get(0))
                <= 0) {
            report.error(
                    values.line(
                            values.isGiven(RelaisSchema.EXPIRY) ? RelaisSchema.EXPIRY : RelaisSchema.RETRY_SCHEDULE),
                    "a mail expires before its second attempt",
                    "make <expiry> longer than the first wait of <retrySchedule>");
        }
        if (settings.spool().quota().compareTo(settings.limits().messageSize()) < 0) {
            report.error(
                    values.line(RelaisSchema.SPOOL_QUOTA),
                    "the spool's quota (" + settings.spool().quota() + ") is less than messageSize ("
                            + settings.limits().messageSize() + "): such a mail would be refused for ever",
                    "write a larger <quota>, or a smaller <messageSize>");
        }
        if (settings.limits().connectionsPerClient() > settings.limits().connections()) {
            report.error(
                    values.line(
                            values.isGiven(RelaisSchema.CONNECTIONS_PER_CLIENT)
                                    ? RelaisSchema.CONNECTIONS_PER_CLIENT
                                    : RelaisSchema.CONNECTIONS),
                    "connectionsPerClient (" + settings.limits().connectionsPerClient()
                            + ") is more than connections ("
                            + settings.limits().connections() + ")",
                    "write at most " + settings.limits().connections() + " into <connectionsPerClient>");
        }
    }

    private void openRelay(Network network, int line) {
        if (network.prefix() == 0) {
            report.error(
                    line,
                    network + " is the whole internet: this would be an open relay",
                    "name the networks of your own machines, such as 10.1.0.0/16");
        } else if (network.prefix() < (network.isIpv6() ? WIDEST_IPV6 : WIDEST_IPV4)) {
            report.error(
                    line,
                    network + " is wider than any organisation's network: this would be an open relay",
                    "name the networks of your own machines, such as 10.1.0.0/16");
        }
    }

    private void route(Route route) {
        loop(route);
        Optional<Path> file = route.credentials();
        if (file.isEmpty()) {
            return;
        }
        FileRules.unreadable(file.get())
                .ifPresentOrElse(
                        problem -> report.error(
                                route.line(),
                                "the credentials file " + file.get() + " " + problem,
                                "write the user name and the password into it, on a line each, readable by relais only"),
                        () -> credentials(route, file.get()));
        if (route.tls() != RouteTls.REQUIRED) {
            report.notice(
                    route.line(),
                    "where the smart host offers no TLS, or somebody in between hides it, the password would have to"
                            + " travel in the clear",
                    "write tls=\"required\"");
        }
    }

    private void credentials(Route route, Path file) {
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
        HostPort smartHost = route.smartHost();
        boolean isThisMachine = smartHost.host().equalsIgnoreCase("localhost")
                || IpAddresses.parse(smartHost.host())
                        .filter(address -> address.isLoopbackAddress() || address.isAnyLocalAddress())
                        .isPresent()
                || smartHost.host().equalsIgnoreCase(settings.hostname());
        for (Listener listener : settings.listeners()) {
            boolean takesMail = listener.protocol() == Protocol.SMTP || listener.protocol() == Protocol.SUBMISSION;
            if (isThisMachine && takesMail && listener.port() == smartHost.port()) {
                report.error(
                        route.line(),
                        "the smart host " + smartHost + " is this relay's own " + listener.inWords()
                                + ": mail would go in circles",
                        "name another host, or delete the route to deliver to the MX of each domain");
                return;
            }
        }
    }
}
