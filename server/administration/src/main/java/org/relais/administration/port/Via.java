package org.relais.administration.port;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * By what next hop a mail goes: {@code smtp://host:port}, {@code lmtp://host:port}, or {@code mx} for the MX hosts of
 * its recipient's domain.
 *
 * @param host a name, or an address literal without brackets; empty for MX
 * @param port 0 for MX
 */
public record Via(Protocol protocol, String host, int port) {
    /** By MX. */
    public static final Via MX = new Via(Protocol.MX, "", 0);

    private static final Pattern FORM = Pattern.compile(
            "(smtp|lmtp)://(?:\\[([0-9a-f:.]{2,45})]|([a-z0-9](?:[a-z0-9.-]{0,252})))(?::([0-9]{1,5}))?/?");
    private static final int SMTP_PORT = 25;
    private static final int LMTP_PORT = 24;

    /** How it is spoken to. */
    public enum Protocol {
        MX,
        SMTP,
        LMTP
    }

    /** Reads {@code mx}, {@code smtp://…} or {@code lmtp://…}; without a port: 25 or 24. */
    public static Via parse(String text) throws Refusal {
        var lower = text.toLowerCase(Locale.ROOT);
        if (lower.equals("mx")) {
            return MX;
        }
        Matcher matcher = FORM.matcher(lower);
        if (!matcher.matches()) {
            throw refusal(text);
        }
        var protocol = Protocol.valueOf(matcher.group(1).toUpperCase(Locale.ROOT));
        var host = matcher.group(2) == null ? matcher.group(3) : matcher.group(2);
        int usual = protocol == Protocol.SMTP ? SMTP_PORT : LMTP_PORT;
        int port = matcher.group(4) == null ? usual : Integer.parseInt(matcher.group(4));
        if (port < 1 || port > 65_535) {
            throw refusal(text);
        }
        return new Via(protocol, host, port);
    }

    private static Refusal refusal(String text) {
        return new Refusal(
                Refusal.Kind.INVALID,
                "'" + Printable.of(text) + "' is no next hop",
                "write smtp://host:port, lmtp://host:port, or mx");
    }

    @Override
    public String toString() {
        var word = protocol.name().toLowerCase(Locale.ROOT);
        if (protocol == Protocol.MX) {
            return word;
        }
        return word + "://" + (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }
}
