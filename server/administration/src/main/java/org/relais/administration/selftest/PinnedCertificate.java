package org.relais.administration.selftest;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** Trusts exactly one certificate, the first of a PEM file, whatever its name and issuer; nothing else. Immutable. */
public final class PinnedCertificate {
    private final X509Certificate certificate;

    public PinnedCertificate(X509Certificate certificate) {
        this.certificate = certificate;
    }

    /** Reads the first certificate of a PEM file. */
    public static PinnedCertificate read(Path file) throws SelfTestFailure {
        try (InputStream pem = Files.newInputStream(file)) {
            var read = CertificateFactory.getInstance("X.509").generateCertificate(pem);
            return new PinnedCertificate((X509Certificate) read);
        } catch (IOException | CertificateException e) {
            throw new SelfTestFailure(
                    "the certificate " + file + " cannot be read: " + e.getMessage(), "relais config check", e);
        }
    }

    SSLContext context() throws GeneralSecurityException {
        var context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new Only(certificate)}, null);
        return context;
    }

    private static final class Only extends X509ExtendedTrustManager {
        private final X509Certificate certificate;

        Only(X509Certificate certificate) {
            this.certificate = certificate;
        }

        private void check(X509Certificate[] chain) throws CertificateException {
            if (chain.length == 0 || !certificate.equals(chain[0])) {
                throw new CertificateException("the server shows another certificate than the one in its file");
            }
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
            check(chain);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            check(chain);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            check(chain);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
            throw new CertificateException("no client is trusted here");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            throw new CertificateException("no client is trusted here");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            throw new CertificateException("no client is trusted here");
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
