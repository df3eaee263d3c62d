package org.relais.smtpclient;

/**
 * The session of an attempt, for events.
 *
 * @param tls {@code TLSv1.3 TLS_AES_256_GCM_SHA384}, or {@code none}; empty if the connection did not get so far
 * @param isVerified whether the certificate is trusted and names the host
 * @param why where it is not verified: why ({@code self-signed}, {@code names other.example}); where there is no TLS:
 *     why ({@code not offered}, {@code STARTTLS failed: …}); else empty
 * @param isReused whether the connection had carried a mail before
 * @param takesDsn whether the server announced DSN: what the sender wants to be told is its business then (RFC 3461 §5.2.1)
 */
public record SessionInfo(String tls, boolean isVerified, String why, boolean isReused, boolean takesDsn) {
    public static final SessionInfo NONE = new SessionInfo("", false, "", false, false);

    /** On one line, for events; empty if the connection did not get so far. */
    public String text() {
        if (tls.isEmpty()) {
            return "";
        }
        String trust = tls.equals("none") ? "" : isVerified ? ", verified" : ", not verified";
        return tls + trust + (why.isEmpty() ? "" : " (" + why + ")");
    }
}
