package org.relais.configuration.settings;

/** What TLS a route asks of its next hop. */
public enum RouteTls {
    /** STARTTLS where it is offered, in the clear otherwise. */
    OPPORTUNISTIC,
    /** TLS or no delivery; whose certificate it is does not matter. */
    REQUIRED
}
