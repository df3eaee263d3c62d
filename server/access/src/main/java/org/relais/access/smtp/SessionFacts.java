package org.relais.access.smtp;

import java.net.InetSocketAddress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a session at the moment a mail or a refusal comes from it.
 *
 * @param id names the session in logs
 * @param client the true client's address, also behind a proxy
 * @param helo what the client called itself; empty before HELO
 * @param isExtended whether it said EHLO or LHLO
 * @param user the authenticated user's name, if there is one
 * @param tls the TLS session, if there is one
 * @param mayRelay whether the session is authenticated or comes from a network that may relay
 */
public record SessionFacts(
        Role role,
        String id,
        InetSocketAddress client,
        String helo,
        boolean isExtended,
        @Nullable String user,
        @Nullable TlsSession tls,
        boolean mayRelay) {
    public Optional<String> userIfAny() {
        return Optional.ofNullable(user);
    }

    public Optional<TlsSession> tlsIfAny() {
        return Optional.ofNullable(tls);
    }

    public String clientAddress() {
        return client.getAddress().getHostAddress();
    }

    /** The protocol type of the {@code with} clause (RFC 3848). */
    public String withProtocol() {
        if (role != Role.LMTP && !isExtended) {
            return "SMTP";
        }
        return (role == Role.LMTP ? "LMTP" : "ESMTP") + (tls == null ? "" : "S") + (user == null ? "" : "A");
    }
}
