package org.relais.configuration.relaisxml;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.relais.configuration.schema.RelaisSchema;
import org.relais.configuration.schema.Setting;
import org.relais.configuration.settings.RelaisSettings;
import org.relais.configuration.settings.TlsMode;

/** Whether the certificate and the key can be used by the listeners that need them. */
final class TlsRules {
    private static final Duration SOON = Duration.ofDays(14);
    private static final int DNS_NAME = 2;
    private static final String NEW_PAIR =
            "put the right files there, or take those that relais init makes in a new home";

    private final RelaisSettings settings;
    private final Values values;
    private final Report report;
    private final InstantSource clock;

    TlsRules(RelaisSettings settings, Values values, Report report, InstantSource clock) {
        this.settings = settings;
        this.values = values;
        this.report = report;
        this.clock = clock;
    }

    void check() {
        if (settings.listeners().stream().allMatch(listener -> listener.tls() == TlsMode.NONE)) {
            return;
        }
        Optional<X509Certificate> certificate = certificate(settings.tls().certificate());
        Optional<PrivateKey> key = key(settings.tls().key());
        if (certificate.isPresent() && key.isPresent()) {
            pair(certificate.get(), key.get());
        }
        certificate.ifPresent(this::validity);
        certificate.ifPresent(this::names);
    }

    private Optional<X509Certificate> certificate(Path file) {
        if (isUnreadable("certificate", RelaisSchema.TLS_CERTIFICATE, file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(PemFiles.certificate(file));
        } catch (IOException | GeneralSecurityException e) {
            report.error(
                    line(RelaisSchema.TLS_CERTIFICATE),
                    "the certificate " + file + " cannot be used: " + e.getMessage(),
                    "put a PEM file there that begins with this host's certificate");
            return Optional.empty();
        }
    }

    private Optional<PrivateKey> key(Path file) {
        if (isUnreadable("key", RelaisSchema.TLS_KEY, file)) {
            return Optional.empty();
        }
        if (FileRules.isReadableByOthers(file)) {
            report.error(
                    line(RelaisSchema.TLS_KEY),
                    "the key " + file + " can be read by every user of this machine",
                    "chmod 600 " + file);
        }
        try {
            return Optional.of(PemFiles.key(file));
        } catch (IOException | GeneralSecurityException e) {
            report.error(
                    line(RelaisSchema.TLS_KEY),
                    "the key " + file + " cannot be used: " + e.getMessage(),
                    "convert it: openssl pkcs8 -topk8 -nocrypt -in old.pem -out " + file.getFileName());
            return Optional.empty();
        }
    }

    private boolean isUnreadable(String what, Setting<?> setting, Path file) {
        Optional<String> problem = FileRules.unreadable(file);
        problem.ifPresent(
                words -> report.error(line(setting), "the listeners' " + what + " " + file + " " + words, NEW_PAIR));
        return problem.isPresent();
    }

    private void pair(X509Certificate certificate, PrivateKey key) {
        try {
            if (PemFiles.belongTogether(certificate, key)) {
                return;
            }
        } catch (GeneralSecurityException e) {
            report.error(
                    line(RelaisSchema.TLS_KEY),
                    "the key cannot be tried on the certificate: " + e.getMessage(),
                    "use an EC, RSA or Ed25519 key");
            return;
        }
        report.error(
                line(RelaisSchema.TLS_KEY),
                "the key " + settings.tls().key() + " does not belong to the certificate "
                        + settings.tls().certificate(),
                "put the key there for which the certificate was issued");
    }

    private void validity(X509Certificate certificate) {
        Instant now = clock.instant();
        Instant end = certificate.getNotAfter().toInstant();
        int line = line(RelaisSchema.TLS_CERTIFICATE);
        if (now.isAfter(end)) {
            report.notice(line, "the certificate has expired at " + end + ": clients will warn or refuse", "renew it");
        } else if (now.plus(SOON).isAfter(end)) {
            report.notice(line, "the certificate expires at " + end, "renew it");
        } else if (now.isBefore(certificate.getNotBefore().toInstant())) {
            report.notice(
                    line,
                    "the certificate is not valid before "
                            + certificate.getNotBefore().toInstant(),
                    "set this machine's clock, or use another certificate");
        }
    }

    private void names(X509Certificate certificate) {
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            boolean isNamed = names != null
                    && names.stream()
                            .filter(name -> Integer.valueOf(DNS_NAME).equals(name.get(0)))
                            .anyMatch(name -> matches(String.valueOf(name.get(1)), settings.hostname()));
            if (!isNamed) {
                report.notice(
                        values.isGiven(RelaisSchema.HOSTNAME)
                                ? values.line(RelaisSchema.HOSTNAME)
                                : line(RelaisSchema.TLS_CERTIFICATE),
                        "the certificate does not name this host, " + settings.hostname() + ": clients will warn",
                        "have one issued for that name, or write another <hostname>");
            }
        } catch (CertificateParsingException e) {
            report.notice(
                    line(RelaisSchema.TLS_CERTIFICATE),
                    "the certificate's names cannot be read: " + e.getMessage(),
                    "have another one issued");
        }
    }

    /** RFC 6125 §6.4.3: a wildcard stands for exactly the first label. */
    private static boolean matches(String name, String host) {
        int dot = host.indexOf('.');
        return name.equalsIgnoreCase(host)
                || name.startsWith("*.") && dot > 0 && name.substring(1).equalsIgnoreCase(host.substring(dot));
    }

    /** Where the file is named; if it is the default, where the first listener stands that needs it. */
    private int line(Setting<?> setting) {
        return values.isGiven(setting)
                ? values.line(setting)
                : settings.listeners().stream()
                        .filter(listener -> listener.tls() != TlsMode.NONE)
                        .mapToInt(listener -> listener.line())
                        .findFirst()
                        .orElse(1);
    }
}
