package org.relais.access.transport;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Certificates and keys from PEM files (RFC 7468), by the JDK alone: Netty's own reader takes Bouncy Castle where it is on
 * the class path, which costs a start 600 classes and half a second.
 */
final class PemFiles {
    private static final List<String> ALGORITHMS = List.of("EC", "RSA", "EdDSA");
    private static final Pattern PKCS8 =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");

    private PemFiles() {}

    /** The certificates in their order, at least one. */
    static X509Certificate[] certificates(Path file) throws IOException, GeneralSecurityException {
        try (InputStream content = Files.newInputStream(file)) {
            X509Certificate[] chain = CertificateFactory.getInstance("X.509").generateCertificates(content).stream()
                    .map(X509Certificate.class::cast)
                    .toArray(X509Certificate[]::new);
            if (chain.length == 0) {
                throw new GeneralSecurityException("there is no certificate in " + file);
            }
            return chain;
        }
    }

    /** An unencrypted PKCS#8 key of any kind that TLS uses. */
    static PrivateKey privateKey(Path file) throws IOException, GeneralSecurityException {
        Matcher pem = PKCS8.matcher(Files.readString(file, StandardCharsets.US_ASCII));
        if (!pem.find()) {
            throw new GeneralSecurityException("there is no unencrypted PKCS#8 key (BEGIN PRIVATE KEY) in " + file);
        }
        PKCS8EncodedKeySpec encoded =
                new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(pem.group(1)));
        for (String algorithm : ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(encoded);
            } catch (InvalidKeySpecException e) {
                // A key of another kind: the next algorithm may know it; when none does, the exception below says so.
                continue;
            }
        }
        throw new GeneralSecurityException("the key in " + file + " is none of " + ALGORITHMS);
    }
}
