package org.relais.distribution.listener;

import java.util.List;
import org.relais.access.imap.ImapLimits;
import org.relais.access.smtp.Role;
import org.relais.access.smtp.SmtpOptions;
import org.relais.access.transport.ListenerOptions;
import org.relais.access.transport.Network;
import org.relais.access.transport.TlsMode;
import org.relais.configuration.settings.BareLineEndings;
import org.relais.configuration.settings.Limits;
import org.relais.configuration.settings.Listener;
import org.relais.configuration.settings.Protocol;
import org.relais.configuration.settings.RelaisSettings;

/** From what relais.xml says of a listener to what the listener is made with. Pure. */
final class ListenerMapping {
    /** Bad commands, refused recipients and failed logins of one session. */
    private static final int ERRORS = 20;

    private final RelaisSettings settings;

    ListenerMapping(RelaisSettings settings) {
        this.settings = settings;
    }

    ListenerOptions options(Listener listener) {
        Limits limits = settings.limits();
        return new ListenerOptions(
                listener.protocol().word(),
                listener.address(),
                listener.port(),
                tls(listener),
                networks(listener.proxyFrom()),
                settings.hostname(),
                new ListenerOptions.ListenerLimits(
                        limits.connections(),
                        limits.connectionsPerClient(),
                        limits.idleTimeout(listener.protocol()),
                        limits.messageSize().octets()));
    }

    SmtpOptions smtp(Listener listener) {
        Limits limits = settings.limits();
        Role role = role(listener.protocol());
        return new SmtpOptions(
                role,
                settings.hostname(),
                tls(listener) == TlsMode.STARTTLS,
                networks(settings.relayFrom()),
                "postmaster@" + settings.domain(),
                role == Role.SUBMISSION && settings.submission().bareLineEndings() == BareLineEndings.NORMALISE,
                limits.messageSize().octets(),
                limits.recipients(),
                ERRORS);
    }

    ImapLimits imap() {
        return ImapLimits.forMessagesOf(settings.limits().messageSize().octets());
    }

    static TlsMode tls(Listener listener) {
        return switch (listener.tls()) {
            case NONE -> TlsMode.NONE;
            case STARTTLS -> TlsMode.STARTTLS;
            case IMPLICIT -> TlsMode.IMPLICIT;
        };
    }

    private static Role role(Protocol protocol) {
        return switch (protocol) {
            case SMTP -> Role.SMTP;
            case SUBMISSION -> Role.SUBMISSION;
            case LMTP -> Role.LMTP;
            case POP3, IMAP, MANAGESIEVE ->
                throw new IllegalArgumentException(protocol.word() + " does not receive mail");
        };
    }

    private static List<Network> networks(List<org.relais.configuration.settings.Network> networks) {
        return networks.stream()
                .map(network -> new Network(network.address(), network.prefix()))
                .toList();
    }
}
