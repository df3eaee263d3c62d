package org.relais.configuration.relaisxml;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.relais.configuration.settings.HookSettings;
import org.relais.configuration.settings.IpAddresses;
import org.relais.configuration.settings.Listener;
import org.relais.configuration.settings.Network;
import org.relais.configuration.settings.Protocol;
import org.relais.configuration.settings.RelaisSettings;
import org.relais.configuration.settings.TlsMode;

/** What must hold between the listeners, the administration and their addresses. */
final class ListenerRules {
    private record Place(String name, InetAddress address, int port, int line, boolean isDefault) {
        boolean overlaps(Place other) {
            return port == other.port
                    && port != 0
                    && (address.equals(other.address)
                            || address.isAnyLocalAddress()
                            || other.address.isAnyLocalAddress());
        }

        String inWords() {
            return name + (isDefault ? " (by default)" : " of line " + line);
        }
    }

    private final RelaisSettings settings;
    private final boolean isDefaultListeners;
    private final boolean isDefaultAdministration;
    private final Report report;

    ListenerRules(RelaisSettings settings, boolean isDefaultListeners, boolean isDefaultAdministration, Report report) {
        this.settings = settings;
        this.isDefaultListeners = isDefaultListeners;
        this.isDefaultAdministration = isDefaultAdministration;
        this.report = report;
    }

    void check() {
        conflicts();
        settings.listeners().forEach(this::listener);
        InetAddress administration = settings.administration().address();
        if (!administration.isLoopbackAddress()) {
            report.error(
                    settings.administration().line(),
                    "the administration would listen on " + administration.getHostAddress()
                            + ", where others reach it; it speaks without TLS",
                    "write 127.0.0.1, and reach it from elsewhere through ssh -L "
                            + settings.administration().port() + ":127.0.0.1:"
                            + settings.administration().port());
        }
    }

    private void conflicts() {
        List<Place> places = new ArrayList<>();
        for (Listener listener : settings.listeners()) {
            places.add(new Place(
                    "the " + listener.protocol().word() + " listener",
                    listener.address(),
                    listener.port(),
                    listener.line(),
                    isDefaultListeners));
        }
        places.add(new Place(
                "the administration",
                settings.administration().address(),
                settings.administration().port(),
                settings.administration().line(),
                isDefaultAdministration));
        for (int i = 0; i < places.size(); i++) {
            for (int j = 0; j < i; j++) {
                if (places.get(i).overlaps(places.get(j))) {
                    conflict(places.get(j), places.get(i));
                }
            }
        }
    }

    private void conflict(Place one, Place other) {
        boolean isOneLater = one.line() > other.line();
        Place later = isOneLater ? one : other;
        Place earlier = isOneLater ? other : one;
        report.error(
                later.line(),
                later.name() + " wants " + IpAddresses.beforePort(later.address()) + ":" + later.port() + ", which "
                        + earlier.inWords() + " has already",
                "give one of them another port or address");
    }

    private void listener(Listener listener) {
        Protocol protocol = listener.protocol();
        for (HookSettings hook : listener.hooks()) {
            if (protocol != Protocol.SMTP && protocol != Protocol.SUBMISSION && protocol != Protocol.LMTP) {
                report.error(
                        hook.line(),
                        "a hook stands in the " + protocol.word() + " listener, which receives no mail",
                        "put it into an smtp, submission or lmtp listener, or delete it");
            }
        }
        if (protocol == Protocol.LMTP && listener.tls() != TlsMode.NONE) {
            report.error(listener.line(), "an lmtp listener has no TLS in this version", "write tls=\"none\"");
        }
        if (protocol == Protocol.LMTP && !listener.address().isLoopbackAddress()) {
            report.notice(
                    listener.line(),
                    "the lmtp listener can be reached from other machines and asks nobody who he is",
                    "write address=\"127.0.0.1\" unless a firewall guards it");
        }
        if (protocol.needsLogin() && listener.tls() == TlsMode.NONE) {
            report.notice(
                    listener.line(),
                    "nobody can log in to this " + protocol.word() + " listener: passwords are taken only under TLS",
                    "write tls=\"starttls\"");
        }
        boolean isTlsPort = listener.port() == protocol.standardPort(TlsMode.IMPLICIT)
                && protocol.standardPort(TlsMode.IMPLICIT) != protocol.standardPort(TlsMode.STARTTLS);
        if (isTlsPort && listener.tls() != TlsMode.IMPLICIT) {
            report.notice(
                    listener.line(),
                    "clients expect TLS from the first octet on port " + listener.port() + ", but tls is "
                            + listener.tls().word(),
                    "write tls=\"implicit\"");
        }
        for (Network network : listener.proxyFrom()) {
            if (network.prefix() == 0) {
                report.error(
                        listener.line(),
                        "proxyFrom holds " + network + ": anybody could claim any address",
                        "name the proxies' addresses only");
            }
        }
        if (protocol == Protocol.SMTP
                && settings.hostname().equals("localhost")
                && !listener.address().isLoopbackAddress()) {
            report.notice(
                    listener.line(),
                    "other hosts can connect, but this relay calls itself localhost",
                    "write its full name into <hostname>");
        }
    }
}
