package org.relais.distribution.administration;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import org.relais.access.transport.TlsContext;
import org.relais.administration.port.Refusal;
import org.relais.administration.port.TlsAdministration;

/** The certificate that the listeners show, and its exchange. Safe for use by many threads. */
public final class ListenerCertificate implements TlsAdministration {
    private final Path file;
    private final TlsContext tls;
    private volatile List<X509Certificate> inUse;

    public ListenerCertificate(Path file, TlsContext tls) throws Refusal {
        this.file = file;
        this.tls = tls;
        this.inUse = read(file);
    }

    @Override
    public List<X509Certificate> chain() {
        return inUse;
    }

    @Override
    public synchronized void reload() throws Refusal {
        List<X509Certificate> chain = read(file);
        try {
            tls.reload();
        } catch (IOException e) {
            throw new Refusal(
                    Refusal.Kind.CONFLICT,
                    String.valueOf(e.getMessage()),
                    "put a certificate and its own key in place and type relais tls reload; the former stay in use",
                    e);
        }
        inUse = chain;
    }

    private static List<X509Certificate> read(Path file) throws Refusal {
        try (InputStream content = Files.newInputStream(file)) {
            return CertificateFactory.getInstance("X.509").generateCertificates(content).stream()
                    .map(X509Certificate.class::cast)
                    .toList();
        } catch (IOException | CertificateException e) {
            throw new Refusal(
                    Refusal.Kind.CONFLICT,
                    file + " cannot be read: " + e.getMessage(),
                    "put a PEM file with the certificate, then those that lead to its authority, in its place",
                    e);
        }
    }
}
