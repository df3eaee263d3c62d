package org.relais.configuration.settings;

import java.util.List;

/**
 * Everything that relais.xml says, checked and complete: whoever holds one need not check again. Immutable.
 *
 * @param hostname how this relay calls itself: banner, EHLO, Received
 * @param domain the first local domain, made at the start when there is no local domain yet
 * @param listeners at least one, without conflict
 * @param dnsServers IP addresses with ports; empty: the system's resolvers
 * @param relayFrom clients there may relay without a login
 * @param routes the first that is for a mail is its route; none: MX
 */
public record RelaisSettings(
        String hostname,
        String domain,
        List<Listener> listeners,
        List<HostPort> dnsServers,
        List<Network> relayFrom,
        List<Route> routes,
        TlsSettings tls,
        Limits limits,
        SubmissionSettings submission,
        SpoolSettings spool,
        StoreSettings store,
        DeliverySettings delivery,
        AdministrationSettings administration,
        LogSettings log) {

    public RelaisSettings {
        listeners = List.copyOf(listeners);
        dnsServers = List.copyOf(dnsServers);
        relayFrom = List.copyOf(relayFrom);
        routes = List.copyOf(routes);
    }
}
