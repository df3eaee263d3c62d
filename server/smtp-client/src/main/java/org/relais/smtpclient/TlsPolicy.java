package org.relais.smtpclient;

/**
 * What is asked of the connection to a next hop.
 *
 * @param isImplicit TLS from the first octet (RFC 8314) rather than STARTTLS
 * @param reason who asks for it, for people: {@code the route in line 12}
 */
public record TlsPolicy(Level level, boolean isImplicit, String reason) {
    public static final TlsPolicy OPPORTUNISTIC = new TlsPolicy(Level.OPPORTUNISTIC, false, "the default");

    /** From the least to the most. */
    public enum Level {
        /** No STARTTLS even where it is offered. */
        NONE,
        /** TLS where it is offered, with any certificate (RFC 7435); in the clear where it is not, or breaks. */
        OPPORTUNISTIC,
        /** TLS with any certificate, or the mail waits. */
        REQUIRED,
        /** TLS with a certificate that is trusted and names the host, or the mail waits. */
        VERIFIED
    }

    public boolean isMandatory() {
        return isImplicit || level == Level.REQUIRED || level == Level.VERIFIED;
    }
}
