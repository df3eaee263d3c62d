package org.relais.mailets.delivery;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Puts TLS on one connection and remembers the session, which JavaMail does not show.
 *
 * <p>Verified: the certificate is trusted by this Java and names the host. Otherwise any certificate will do: against a
 * listener on the line that is still worth more than none (RFC 7435). For one connection, on one thread.
 */
final class TlsSockets extends SSLSocketFactory {
    private final SSLSocketFactory sockets;
    private final boolean isVerified;
    private @Nullable SSLSocket last;

    TlsSockets(boolean isVerified) {
        this.isVerified = isVerified;
        this.sockets = isVerified ? (SSLSocketFactory) SSLSocketFactory.getDefault() : trusting();
    }

    /** Version and cipher of the TLS session, once it stands. */
    Optional<String> session() {
        if (last == null) {
            return Optional.empty();
        }
        SSLSession session = last.getSession();
        return session.isValid()
                ? Optional.of(session.getProtocol() + " " + session.getCipherSuite())
                : Optional.empty();
    }

    @Override
    public Socket createSocket(Socket below, String host, int port, boolean autoClose) throws IOException {
        SSLSocket socket = (SSLSocket) sockets.createSocket(below, host, port, autoClose);
        if (isVerified) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            socket.setSSLParameters(parameters);
        }
        last = socket;
        return socket;
    }

    @Override
    public String[] getDefaultCipherSuites() {
        return sockets.getDefaultCipherSuites();
    }

    @Override
    public String[] getSupportedCipherSuites() {
        return sockets.getSupportedCipherSuites();
    }

    @Override
    public Socket createSocket(String host, int port) {
        throw onlyOnTop();
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress local, int localPort) {
        throw onlyOnTop();
    }

    @Override
    public Socket createSocket(InetAddress host, int port) {
        throw onlyOnTop();
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) {
        throw onlyOnTop();
    }

    private static IllegalStateException onlyOnTop() {
        return new IllegalStateException("TLS is put on connections that stand already");
    }

    private static SSLSocketFactory trusting() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new AnyCertificate()}, new SecureRandom());
            return context.getSocketFactory();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has TLS", e);
        }
    }

    /** For opportunistic TLS, which does not know whom it talks to. */
    private static final class AnyCertificate implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
