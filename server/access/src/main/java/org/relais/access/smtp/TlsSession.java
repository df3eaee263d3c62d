package org.relais.access.smtp;

/**
 * The TLS session that a connection got.
 *
 * @param version {@code TLSv1.3} …
 * @param cipher as Java names it
 */
public record TlsSession(String version, String cipher) {
    @Override
    public String toString() {
        return version + " " + cipher;
    }
}
