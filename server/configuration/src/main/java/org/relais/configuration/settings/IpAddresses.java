package org.relais.configuration.settings;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads and writes IP address literals without ever asking a resolver. Pure; for any thread. */
public final class IpAddresses {
    private static final Pattern IPV4 =
            Pattern.compile("(OCTET)(\\.(OCTET)){3}".replace("OCTET", "25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9]"));
    private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");

    private IpAddresses() {}

    /** Empty if {@code text} is no literal; brackets around an IPv6 address are taken. */
    public static Optional<InetAddress> parse(String text) {
        boolean bracketed = text.startsWith("[") && text.endsWith("]");
        String literal = bracketed ? text.substring(1, text.length() - 1) : text;
        boolean isLiteral = IPV6.matcher(literal).matches()
                || !bracketed && IPV4.matcher(literal).matches();
        if (!isLiteral) {
            return Optional.empty();
        }
        try {
            // A literal is not looked up: at worst it is refused.
            return Optional.of(InetAddress.getByName(literal.contains(":") ? "[" + literal + "]" : literal));
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }

    /** An IPv6 address in brackets, as it stands before a port. */
    public static String beforePort(InetAddress address) {
        String text = address.getHostAddress();
        return text.contains(":") ? "[" + text + "]" : text;
    }
}
