package org.relais.access.mailbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.relais.access.transport.TlsContext;

/** A self-signed certificate and its key in a directory, made by the JDK's keytool. */
public final class TestCertificate {

    /** Certificates and keys by common name: keytool takes a second for each. */
    private static final Map<String, KeyStore> MADE = new ConcurrentHashMap<>();

    private final Path directory;

    public TestCertificate(Path directory) {
        this.directory = directory;
    }

    public TlsContext context() throws IOException, GeneralSecurityException, InterruptedException {
        renew("localhost");
        return new TlsContext(directory.resolve("cert.pem"), directory.resolve("key.pem"));
    }

    /** Writes another certificate into the same files. */
    public void renew(String commonName) throws IOException, GeneralSecurityException, InterruptedException {
        var keys = MADE.get(commonName);
        if (keys == null) {
            keys = make(commonName);
            MADE.put(commonName, keys);
        }
        pem("CERTIFICATE", keys.getCertificate("relais").getEncoded(), "cert.pem");
        pem("PRIVATE KEY", keys.getKey("relais", "changeit".toCharArray()).getEncoded(), "key.pem");
    }

    private KeyStore make(String commonName) throws IOException, GeneralSecurityException, InterruptedException {
        var store = directory.resolve("store.p12");
        Files.deleteIfExists(store);
        var keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "relais",
                        "-keyalg",
                        "EC",
                        "-groupname",
                        "secp256r1",
                        "-dname",
                        "CN=" + commonName,
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        "changeit",
                        "-keystore",
                        store.toString())
                .redirectErrorStream(true)
                .start();
        if (!keytool.waitFor(60, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
            throw new IOException(
                    "keytool failed: " + new String(keytool.getInputStream().readAllBytes()));
        }
        return KeyStore.getInstance(store.toFile(), "changeit".toCharArray());
    }

    private void pem(String type, byte[] der, String file) throws IOException {
        var text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        Files.writeString(
                directory.resolve(file), "-----BEGIN " + type + "-----\n" + text + "\n-----END " + type + "-----\n");
    }
}
