package org.relais.configuration.relaisxml;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads certificates and keys with the JDK alone, as the listeners will. Messages never tell a key. */
final class PemFiles {
    private static final int MAX_SIZE = 256 * 1024;
    private static final Pattern PKCS8 =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");
    private static final Pattern OTHER_KEY = Pattern.compile("-----BEGIN ([A-Z0-9 ]*PRIVATE KEY)-----");
    private static final List<String> ALGORITHMS = List.of("EC", "RSA", "EdDSA");
    private static final byte[] PROBE = "relais".getBytes(StandardCharsets.US_ASCII);

    private PemFiles() {}

    /** The first certificate of the file. */
    static X509Certificate certificate(Path file) throws IOException, GeneralSecurityException {
        String text = text(file);
        int begin = text.indexOf("-----BEGIN CERTIFICATE-----");
        if (begin < 0) {
            throw new IOException("it holds no -----BEGIN CERTIFICATE-----");
        }
        try (InputStream in = new ByteArrayInputStream(text.substring(begin).getBytes(StandardCharsets.ISO_8859_1))) {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
    }

    static PrivateKey key(Path file) throws IOException, GeneralSecurityException {
        String text = text(file);
        Matcher pkcs8 = PKCS8.matcher(text);
        if (!pkcs8.find()) {
            Matcher other = OTHER_KEY.matcher(text);
            throw new IOException(
                    other.find()
                            ? "it holds a " + other.group(1) + "; only PKCS#8 without encryption is read"
                            : "it holds no -----BEGIN PRIVATE KEY-----");
        }
        PKCS8EncodedKeySpec encoded;
        try {
            encoded = new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(pkcs8.group(1)));
        } catch (IllegalArgumentException e) {
            throw new IOException("its base64 is broken", e);
        }
        for (String algorithm : ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(encoded);
            } catch (InvalidKeySpecException e) {
                continue; // Not a key of this algorithm; which one it is only its content tells.
            }
        }
        throw new IOException("it is neither an EC nor an RSA nor an Ed25519 key");
    }

    /** Whether what the key signs, the certificate verifies. */
    static boolean belongTogether(X509Certificate certificate, PrivateKey key) throws GeneralSecurityException {
        String keyAlgorithm = certificate.getPublicKey().getAlgorithm();
        if (!keyAlgorithm.equals(key.getAlgorithm())) {
            return false;
        }
        Signature signature = Signature.getInstance(
                switch (keyAlgorithm) {
                    case "EC" -> "SHA256withECDSA";
                    case "RSA" -> "SHA256withRSA";
                    default -> keyAlgorithm;
                });
        signature.initSign(key);
        signature.update(PROBE);
        byte[] signed = signature.sign();
        signature.initVerify(certificate.getPublicKey());
        signature.update(PROBE);
        return signature.verify(signed);
    }

    private static String text(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] octets = in.readNBytes(MAX_SIZE + 1);
            if (octets.length > MAX_SIZE) {
                throw new IOException("it is larger than " + MAX_SIZE / 1024 + " KiB");
            }
            return new String(octets, StandardCharsets.ISO_8859_1);
        }
    }
}
