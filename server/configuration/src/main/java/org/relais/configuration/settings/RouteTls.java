package org.relais.configuration.settings;

/** What TLS a route asks of its next hops. */
public enum RouteTls {
    /** In the clear, even where STARTTLS is offered. */
    NONE,
    /** STARTTLS where it is offered, in the clear otherwise. */
    OPPORTUNISTIC,
    /** TLS or no delivery; whose certificate it is does not matter. */
    REQUIRED,
    /** TLS with a certificate that is trusted and names the host, or no delivery. */
    VERIFIED;

    public boolean isMandatory() {
        return this == REQUIRED || this == VERIFIED;
    }
}
