package org.relais.administration.port;

import java.security.cert.X509Certificate;
import java.util.List;

/** The certificate that the listeners show. Calls block; any thread. */
public interface TlsAdministration {
    /** The chain in use, the server's own certificate first. */
    List<X509Certificate> chain() throws Refusal;

    /** Reads certificate and key again; sessions stay. If refused, the old ones stay in use. */
    void reload() throws Refusal;
}
