package org.relais.access.smtp;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;
import org.relais.access.transport.Network;
import org.relais.model.event.EventField;
import org.relais.model.event.MailEvent;
import org.relais.model.event.MailEventKind;

/** What a session has become so far; used by one thread at a time. */
final class SessionState {
    private final SmtpOptions options;
    private final String id;
    private final InetSocketAddress client;
    private String helo = "";
    private boolean extended;
    private boolean ended;
    private @Nullable String user;
    private @Nullable TlsSession tls;

    SessionState(SmtpOptions options, String id, InetSocketAddress client) {
        this.options = options;
        this.id = id;
        this.client = client;
    }

    String id() {
        return id;
    }

    void greetedAs(String name, boolean isExtended) {
        helo = name;
        extended = isExtended;
    }

    boolean hasGreeted() {
        return !helo.isEmpty();
    }

    void authenticatedAs(String name) {
        user = name;
    }

    boolean isAuthenticated() {
        return user != null;
    }

    /** The connection is to be closed behind the next reply. */
    void end() {
        ended = true;
    }

    boolean isEnded() {
        return ended;
    }

    /** All knowledge from before the TLS handshake is dropped (RFC 3207 §4.2). */
    void encryptedBy(TlsSession session) {
        tls = session;
        helo = "";
        extended = false;
        user = null;
    }

    boolean isEncrypted() {
        return tls != null;
    }

    boolean mayRelay() {
        return user != null
                || (options.role() == Role.SMTP && Network.anyContains(options.relayFrom(), client.getAddress()));
    }

    SessionFacts facts() {
        return new SessionFacts(options.role(), id, client, helo, extended, user, tls, mayRelay());
    }

    /** An event with the session's fields. */
    MailEvent.Builder event(MailEventKind kind) {
        return MailEvent.of(kind)
                .with(EventField.PROTOCOL, options.role().word())
                .with(EventField.SESSION, id)
                .with(EventField.CLIENT, client.getAddress().getHostAddress())
                .with(EventField.HELO, helo.isEmpty() ? null : helo)
                .with(EventField.USER, user)
                .with(EventField.TLS, tls == null ? "none" : tls);
    }
}
