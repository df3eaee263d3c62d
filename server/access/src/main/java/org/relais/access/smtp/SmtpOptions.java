package org.relais.access.smtp;

import java.util.List;
import org.relais.access.transport.Network;

/**
 * What a receiving session may do, and its bounds.
 *
 * @param hostname in greeting, EHLO and trace fields
 * @param offersStartTls whether STARTTLS is announced
 * @param relayFrom clients of these networks may relay without authentication
 * @param postmaster the full address that a lone {@code <postmaster>} stands for (RFC 5321 §4.5.1)
 * @param normalisesBareLineEndings whether a bare CR or LF in the content becomes CRLF; else such content is refused
 * @param messageOctets largest content
 * @param recipients most forward-paths of one mail, at least 100 (RFC 5321 §4.5.3.1.8)
 * @param errors bad commands, refused recipients and failed logins after which the session is ended
 */
public record SmtpOptions(
        Role role,
        String hostname,
        boolean offersStartTls,
        List<Network> relayFrom,
        String postmaster,
        boolean normalisesBareLineEndings,
        long messageOctets,
        int recipients,
        int errors) {
    public SmtpOptions {
        relayFrom = List.copyOf(relayFrom);
        if (messageOctets < 1 || recipients < 1 || errors < 1) {
            throw new IllegalArgumentException("bounds must be at least 1");
        }
    }
}
