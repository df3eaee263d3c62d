package org.relais.mailets.relay;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A next hop that is named instead of found by MX.
 *
 * @param host a name or an IP address, IPv6 without brackets
 * @param port 1 to 65535
 * @param isImplicitTls TLS from the first octet (port 465) rather than STARTTLS
 */
public record SmartHost(String host, int port, boolean isImplicitTls) {
    private static final Pattern SYNTAX =
            Pattern.compile("\\[([0-9A-Fa-f:.]+)](?::(\\d{1,5}))?|([^\\s:\\[\\]]+)(?::(\\d{1,5}))?");

    public SmartHost {
        if (host.isBlank()) {
            throw new IllegalArgumentException("the smart host's name is empty");
        }
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("port must be 1 to 65535, was " + port);
        }
    }

    /** Reads {@code name}, {@code name:port}, {@code [2001:db8::1]:port}. */
    public static SmartHost parse(String text, int defaultPort, boolean isImplicitTls) {
        Matcher matcher = SYNTAX.matcher(text.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException("a smart host is written name, name:port or [IPv6]:port, was: " + text);
        }
        boolean isLiteral = matcher.group(1) != null;
        String port = matcher.group(isLiteral ? 2 : 4);
        return new SmartHost(
                matcher.group(isLiteral ? 1 : 3), port == null ? defaultPort : Integer.parseInt(port), isImplicitTls);
    }
}
