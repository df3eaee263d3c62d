package org.relais.configuration.home;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A home as tests need it: made by the real creator, at a time that stands still. */
public final class TestHome {
    public static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
    public static final InstantSource CLOCK = InstantSource.fixed(NOW);

    private TestHome() {}

    public static HomeCreator creator() {
        return new HomeCreator(CLOCK, new SecureRandom(), "/chain-for-tests.xml");
    }

    /** With files beside the right ones that are wrong in one way each. */
    public static Home withOddFiles(Path folder) throws Exception {
        var home = creator().create(folder, HomeOptions.standard());
        var tls = home.conf().resolve("tls");
        pair(tls, "other.pem", "other-key.pem", NOW);
        pair(tls, "expired.pem", "expired-key.pem", NOW.minus(Duration.ofDays(1000)));
        write(tls.resolve("readable-key.pem"), Files.readString(tls.resolve("key.pem")), "rw-r--r--");
        write(
                tls.resolve("rsa-key.pem"),
                "-----BEGIN RSA PRIVATE KEY-----\nMIIB\n-----END RSA PRIVATE KEY-----\n",
                "rw-------");
        write(home.conf().resolve("credentials"), "relay\nsecret\n", "rw-------");
        write(home.conf().resolve("credentials-for-all"), "relay\nsecret\n", "rw-r--r--");
        write(home.conf().resolve("credentials-of-one-line"), "relay:secret\n", "rw-------");
        return home;
    }

    private static void pair(Path tls, String certificate, String key, Instant made)
            throws GeneralSecurityException, IOException {
        var pair = SelfSignedCertificate.of("localhost", made, new SecureRandom());
        write(tls.resolve(certificate), pair.certificatePem(), "rw-------");
        write(tls.resolve(key), pair.keyPem(), "rw-------");
    }

    private static void write(Path file, String text, String mode) throws IOException {
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    }
}
