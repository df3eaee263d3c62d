package org.relais.administration.port;

/**
 * A listener as it is bound.
 *
 * @param protocol smtp, submission, pop3, imap, lmtp, managesieve or administration
 * @param address its IP address, without brackets
 * @param port the bound port
 */
public record ListenerView(String protocol, String address, int port, Tls tls) {
    /** How a listener takes TLS. */
    public enum Tls {
        NONE("none"),
        STARTTLS("starttls"),
        IMPLICIT("implicit");

        private final String word;

        Tls(String word) {
            this.word = word;
        }

        /** As relais.xml writes it. */
        public String word() {
            return word;
        }
    }

    /** Address and port as one types them; an IPv6 address in brackets. */
    public String socket() {
        return beforePort(address) + ":" + port;
    }

    /** An address on which this host reaches it. */
    public String reachableAddress() {
        return switch (address) {
            case "0.0.0.0" -> "127.0.0.1";
            case "::", "0:0:0:0:0:0:0:0" -> "::1";
            default -> address;
        };
    }

    /** As {@link #socket}, reachable from this host. */
    public String reachableSocket() {
        return beforePort(reachableAddress()) + ":" + port;
    }

    private static String beforePort(String address) {
        return address.contains(":") ? "[" + address + "]" : address;
    }
}
