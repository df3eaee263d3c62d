package org.relais.dns;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Optional;
import org.xbill.DNS.Address;

/** Addresses written as numbers. Pure: nothing is looked up. */
public final class AddressLiteral {
    private static final String IPV6_TAG = "ipv6:";
    private static final int LONGEST = 64;

    private AddressLiteral() {}

    /** {@code 192.0.2.1} or {@code 2001:db8::1}, without brackets or zone. */
    public static Optional<InetAddress> of(String text) {
        if (text.length() > LONGEST || text.chars().anyMatch(c -> c > 0x7F)) {
            return Optional.empty();
        }
        try {
            return Optional.of(Address.getByAddress(text));
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }

    /** {@code [192.0.2.1]} or {@code [IPv6:2001:db8::1]}: the domain of a mailbox (RFC 5321 §4.1.3). */
    public static Optional<InetAddress> ofDomain(String domain) {
        if (!domain.startsWith("[") || !domain.endsWith("]")) {
            return Optional.empty();
        }
        String inside = domain.substring(1, domain.length() - 1);
        if (inside.toLowerCase(Locale.ROOT).startsWith(IPV6_TAG)) {
            return of(inside.substring(IPV6_TAG.length()))
                    .filter(address -> inside.indexOf(':', IPV6_TAG.length()) > 0);
        }
        return of(inside).filter(address -> inside.indexOf(':') < 0);
    }
}
