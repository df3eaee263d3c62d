package org.relais.testkit.wire;

import java.io.IOException;
import java.math.BigInteger;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Date;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509KeyManager;
import javax.net.ssl.X509TrustManager;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * An EC certificate for a host name and 127.0.0.1, made in memory, self-signed or by an authority that is made with it,
 * and the TLS contexts of both sides. Safe for use by many threads; sessions are resumed per certificate.
 */
public final class TestCertificate {
    private static final char[] NO_PASSWORD = new char[0];

    private final PrivateKey key;
    private final X509Certificate certificate;
    private final AtomicInteger shown = new AtomicInteger();
    private final SSLContext context;

    private TestCertificate(PrivateKey key, X509Certificate... chain) throws GeneralSecurityException, IOException {
        this.key = key;
        this.certificate = chain[0];
        this.context = context(key, chain, shown);
    }

    public static TestCertificate forHost(String host) {
        return forHost(host, Duration.ofDays(1), InstantSource.system());
    }

    /** A certificate valid for the given time from one day before now; negative: already expired. */
    public static TestCertificate forHost(String host, Duration valid, InstantSource clock) {
        try {
            KeyPair pair = keys();
            X509Certificate own = signed(host, pair, host, pair.getPrivate(), valid, clock);
            return new TestCertificate(pair.getPrivate(), own);
        } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
            throw new IllegalStateException("no certificate for " + host, e);
        }
    }

    /** Shown with the certificate of an authority that nobody knows. */
    public static TestCertificate byAnAuthority(String host) {
        try {
            Duration valid = Duration.ofDays(1);
            String name = "authority.test";
            KeyPair authority = keys();
            KeyPair pair = keys();
            return new TestCertificate(
                    pair.getPrivate(),
                    signed(host, pair, name, authority.getPrivate(), valid, InstantSource.system()),
                    signed(name, authority, name, authority.getPrivate(), valid, InstantSource.system()));
        } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
            throw new IllegalStateException("no certificate for " + host, e);
        }
    }

    private static KeyPair keys() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair();
    }

    private static X509Certificate signed(
            String host, KeyPair pair, String issuer, PrivateKey by, Duration valid, InstantSource clock)
            throws GeneralSecurityException, OperatorCreationException, IOException {
        Instant now = clock.instant();
        GeneralNames names = new GeneralNames(new GeneralName[] {
            new GeneralName(GeneralName.dNSName, host), new GeneralName(GeneralName.iPAddress, "127.0.0.1")
        });
        var builder = new JcaX509v3CertificateBuilder(
                        new X500Principal("CN=" + issuer),
                        new BigInteger(64, new SecureRandom()),
                        Date.from(now.minus(Duration.ofDays(2))),
                        Date.from(now.plus(valid)),
                        new X500Principal("CN=" + host),
                        pair.getPublic())
                .addExtension(Extension.subjectAlternativeName, false, names);
        return new JcaX509CertificateConverter()
                .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(by)));
    }

    public X509Certificate certificate() {
        return certificate;
    }

    public PrivateKey key() {
        return key;
    }

    /** For a server that shows this certificate. */
    public SSLContext serverContext() {
        return context;
    }

    /** In how many handshakes it was shown: those that resume a session are not among them. */
    public int timesShown() {
        return shown.get();
    }

    private static SSLContext context(PrivateKey key, X509Certificate[] chain, AtomicInteger shown)
            throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, NO_PASSWORD);
        store.setKeyEntry("test", key, NO_PASSWORD, chain);
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, NO_PASSWORD);
        KeyManager[] keys = Arrays.stream(factory.getKeyManagers())
                .map(manager -> new Counting((X509KeyManager) manager, shown))
                .toArray(KeyManager[]::new);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys, null, null);
        return context;
    }

    /**
     * For a client that takes any certificate: the kit speaks to servers on loopback whose certificate a test inspects
     * itself, by {@link Wire#tlsSession()}.
     */
    public static SSLContext trustingContext() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new TrustsEverything()}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("no TLS context", e);
        }
    }

    private static final class TrustsEverything implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {
            // see trustingContext()
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {
            // see trustingContext()
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    /** The server asks for its key once in each handshake that shows the certificate. */
    private static final class Counting extends X509ExtendedKeyManager {
        private final X509KeyManager keys;
        private final AtomicInteger shown;

        Counting(X509KeyManager keys, AtomicInteger shown) {
            this.keys = keys;
            this.shown = shown;
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            shown.incrementAndGet();
            return keys.getPrivateKey(alias);
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            return keys.getCertificateChain(alias);
        }

        @Override
        public String[] getServerAliases(String keyType, Principal[] issuers) {
            return keys.getServerAliases(keyType, issuers);
        }

        @Override
        public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
            return keys.chooseServerAlias(keyType, issuers, socket);
        }

        @Override
        public String chooseEngineServerAlias(String keyType, Principal[] issuers, SSLEngine engine) {
            return keys.chooseServerAlias(keyType, issuers, null);
        }

        @Override
        public String[] getClientAliases(String keyType, Principal[] issuers) {
            return keys.getClientAliases(keyType, issuers);
        }

        @Override
        public String chooseClientAlias(String[] keyTypes, Principal[] issuers, Socket socket) {
            return keys.chooseClientAlias(keyTypes, issuers, socket);
        }
    }
}
