package org.relais.configuration.relaisxml;

import java.util.List;
import org.relais.configuration.schema.RelaisSchema;
import org.relais.configuration.settings.Network;
import org.relais.configuration.settings.RelaisSettings;

/** Who may relay, and for how long it is tried. */
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
        new RouteRules(settings, report).check();
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
        new DeliveryRules(settings, report).check(values);
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
}
