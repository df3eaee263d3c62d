package org.relais.administration.rest;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.relais.administration.http.RestResponse;
import org.relais.administration.http.RouteTable;
import org.relais.administration.port.Refusal;
import org.relais.administration.port.TlsAdministration;

/** {@code /tls}: the certificate in use, and reading it again. */
public final class TlsRoutes {
    private final TlsAdministration tls;

    public TlsRoutes(TlsAdministration tls) {
        this.tls = tls;
    }

    public void addTo(RouteTable.Builder routes) {
        routes.route("GET", "/tls", request -> show()).route("POST", "/tls/reload", request -> {
            tls.reload();
            return show();
        });
    }

    private RestResponse show() throws Refusal {
        var certificates = new ArrayList<Map<String, Object>>();
        for (var certificate : tls.chain()) {
            certificates.add(view(certificate));
        }
        return RestResponse.ok(Map.of("certificates", certificates));
    }

    private static Map<String, Object> view(X509Certificate certificate) throws Refusal {
        try {
            var members = new LinkedHashMap<String, Object>();
            members.put("subject", certificate.getSubjectX500Principal().getName());
            members.put("names", names(certificate));
            members.put("issuer", certificate.getIssuerX500Principal().getName());
            members.put(
                    "selfSigned", certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal()));
            members.put("key", certificate.getPublicKey().getAlgorithm());
            members.put("notBefore", certificate.getNotBefore().toInstant().toString());
            members.put("notAfter", certificate.getNotAfter().toInstant().toString());
            members.put(
                    "sha256",
                    HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded())));
            return members;
        } catch (GeneralSecurityException e) {
            throw new Refusal(
                    Refusal.Kind.FAILED,
                    "the certificate in use cannot be shown: " + e.getMessage(),
                    "put another certificate in its place and type relais tls reload",
                    e);
        }
    }

    /** The names and addresses the certificate is for (RFC 5280 §4.2.1.6). */
    private static List<String> names(X509Certificate certificate) throws CertificateParsingException {
        var alternatives = certificate.getSubjectAlternativeNames();
        return alternatives == null
                ? List.of()
                : alternatives.stream()
                        .map(alternative -> String.valueOf(alternative.get(1)))
                        .toList();
    }
}
