package org.relais.access.transport;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.concurrent.TimeUnit;

/** Writes a self-signed certificate and its key into two PEM files, by the JDK's own keytool. */
public final class Certificate {
    private Certificate() {}

    public static TlsContext write(Path directory, String commonName) throws Exception {
        Path store = directory.resolve(commonName + ".p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        "changeit",
                        "-alias",
                        "relais",
                        "-keyalg",
                        "EC",
                        "-groupname",
                        "secp256r1",
                        "-dname",
                        "CN=" + commonName,
                        "-validity",
                        "30")
                .redirectErrorStream(true)
                .start();
        if (!keytool.waitFor(30, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
            keytool.destroyForcibly();
            throw new IOException("keytool failed");
        }
        return new TlsContext(export(store, directory.resolve("cert.pem")), directory.resolve("key.pem"));
    }

    private static Path export(Path store, Path certificate) throws IOException, GeneralSecurityException {
        KeyStore keys = KeyStore.getInstance(store.toFile(), "changeit".toCharArray());
        pem(certificate, "CERTIFICATE", keys.getCertificate("relais").getEncoded());
        pem(
                certificate.resolveSibling("key.pem"),
                "PRIVATE KEY",
                keys.getKey("relais", "changeit".toCharArray()).getEncoded());
        return certificate;
    }

    private static void pem(Path file, String type, byte[] octets) throws IOException {
        String body = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                .encodeToString(octets);
        Files.writeString(file, "-----BEGIN " + type + "-----\n" + body + "\n-----END " + type + "-----\n");
    }
}
