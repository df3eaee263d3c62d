package org.relais.mailets.relay;

/** What we require of the connection to a next hop. */
public enum TlsPolicy {
    /** No STARTTLS even where it is offered. */
    NONE,
    /** TLS where it is offered, with any certificate (RFC 7435); in the clear otherwise. */
    OPPORTUNISTIC,
    /** TLS with any certificate, or the mail waits. */
    REQUIRED,
    /** TLS with a certificate that is trusted and names the host, or the mail waits. */
    VERIFIED;

    public boolean isMandatory() {
        return this == REQUIRED || this == VERIFIED;
    }
}
