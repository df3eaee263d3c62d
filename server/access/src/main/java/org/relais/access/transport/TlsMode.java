package org.relais.access.transport;

/** How a listener offers TLS. */
public enum TlsMode {
    NONE,
    /** Begins in the clear; the client may ask for TLS (STARTTLS, STLS). */
    STARTTLS,
    /** The connection begins with the TLS handshake. */
    IMPLICIT
}
