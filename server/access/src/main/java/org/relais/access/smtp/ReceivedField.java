package org.relais.access.smtp;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import org.relais.model.QueueId;

/**
 * The trace field that we put on top of each mail (RFC 5321 §4.4).
 *
 * <p>It names the TLS session, and the forward-path only if the mail has a single one, so that nobody's blind copies
 * show. The authenticated user is not named; {@code ESMTPSA} tells that there was one.
 */
final class ReceivedField {
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss Z", Locale.ENGLISH);

    private ReceivedField() {}

    /** With the CRLF at its end. */
    static String of(
            SessionFacts session, String hostname, QueueId id, List<MailPath> forwardPaths, Instant receivedAt) {
        StringBuilder field = new StringBuilder("Received: from ");
        String literal = literal(session.client().getAddress());
        boolean named = MailPath.isDomain(session.helo());
        field.append(named ? session.helo() : literal)
                .append(" (")
                .append(literal)
                .append(")\r\n");
        field.append("\tby ").append(hostname).append(" with ").append(session.withProtocol());
        session.tlsIfAny().ifPresent(tls -> field.append(" (").append(tls).append(')'));
        field.append("\r\n\tid ").append(id);
        if (forwardPaths.size() == 1) {
            field.append(" for ").append(forwardPaths.get(0));
        }
        field.append(";\r\n\t").append(DATE.format(receivedAt.atOffset(ZoneOffset.UTC)));
        return field.append("\r\n").toString();
    }

    private static String literal(InetAddress address) {
        String text = address.getHostAddress();
        int scope = text.indexOf('%');
        String bare = scope < 0 ? text : text.substring(0, scope);
        return address instanceof Inet6Address ? "[IPv6:" + bare + "]" : "[" + bare + "]";
    }
}
