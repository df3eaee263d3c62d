package org.relais.smtpclient.netty;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * The client's side of TLS. Every certificate is judged (PKIX, and the host name by RFC 6125) and every one is let
 * through: the verdict stands in the session, what follows from it is decided by the policy. Sessions are resumed per
 * host and port. Safe for use by many threads.
 */
public final class PeerTrust {
    private static final String VERDICT = "org.relais.verdict";
    private static final int SESSIONS = 10_000;

    private final SSLContext context;

    /** @param roots what is trusted; null: what the JVM trusts */
    public PeerTrust(@Nullable KeyStore roots) {
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(roots);
            X509ExtendedTrustManager judge = Arrays.stream(factory.getTrustManagers())
                    .filter(X509ExtendedTrustManager.class::isInstance)
                    .map(X509ExtendedTrustManager.class::cast)
                    .findFirst()
                    .orElseThrow();
            context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new Witness(judge)}, null);
            context.getClientSessionContext().setSessionCacheSize(SESSIONS);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("no TLS on this JVM", e);
        }
    }

    SSLEngine engine(String host, int port) {
        SSLEngine engine = context.createSSLEngine(host, port);
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        engine.setSSLParameters(parameters);
        return engine;
    }

    /** Why the certificate of a session is not verified; empty if it is. */
    static String whyNotVerified(SSLSession session) {
        return session.getValue(VERDICT) instanceof String why ? why : "the session was resumed without its verdict";
    }

    private static String words(CertificateException e, X509Certificate[] chain) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertificateExpiredException) {
                return "expired";
            }
            if (cause instanceof CertificateNotYetValidException) {
                return "not yet valid";
            }
        }
        String text = String.valueOf(e.getMessage());
        if (text.contains("subject alternative") || text.contains("No name matching")) {
            return "names " + names(chain[0]);
        }
        if (text.contains("unable to find valid certification path")) {
            X509Certificate certificate = chain[0];
            return certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal())
                    ? "self-signed"
                    : "unknown authority";
        }
        return text;
    }

    private static String names(X509Certificate certificate) {
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            if (names == null) {
                return certificate.getSubjectX500Principal().getName();
            }
            return String.join(
                    ", ",
                    names.stream()
                            .limit(3)
                            .map(name -> String.valueOf(name.get(1)))
                            .toList());
        } catch (CertificateParsingException e) {
            return "nothing that can be read";
        }
    }

    /** Judges and records. */
    private static final class Witness extends X509ExtendedTrustManager {
        private final X509ExtendedTrustManager judge;

        Witness(X509ExtendedTrustManager judge) {
            this.judge = judge;
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {
            String why = "";
            try {
                judge.checkServerTrusted(chain, authType, engine);
                chain[0].checkValidity(); // PKIX passes over the dates of a certificate that is itself a trust anchor
            } catch (CertificateException e) {
                why = words(e, chain);
            }
            engine.getHandshakeSession().putValue(VERDICT, why);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
            throw new CertificateException("only engines are served");
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
                throws CertificateException {
            throw new CertificateException("only engines are served");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
            throw new CertificateException("this is a client");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
                throws CertificateException {
            throw new CertificateException("this is a client");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
                throws CertificateException {
            throw new CertificateException("this is a client");
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return judge.getAcceptedIssuers();
        }
    }
}
