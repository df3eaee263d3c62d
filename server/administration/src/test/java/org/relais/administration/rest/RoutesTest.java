package org.relais.administration.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.relais.administration.fake.FakeServer;
import org.relais.administration.http.AdministrationServer;
import org.relais.administration.http.BearerToken;
import org.relais.administration.http.EndpointFile;
import org.relais.administration.port.ServerStatus.Health;
import org.relais.configuration.home.HomeCreator;
import org.relais.configuration.home.HomeOptions;

class RoutesTest {
    private static final String TOKEN = "0123456789abcdef0123456789abcdef";

    private record Answer(int status, String body) {}

    @TempDir
    private Path directory;

    private final AtomicInteger stops = new AtomicInteger();
    private final FakeServer behind = new FakeServer();
    private AdministrationServer server;

    @BeforeEach
    void start() throws Exception {
        var clock = InstantSource.fixed(Instant.parse("2026-11-23T06:00:00Z"));
        var home = new HomeCreator(clock, new SecureRandom()).create(directory.resolve("home"), HomeOptions.standard());
        server = AdministrationServer.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                EndpointFile.in(home.data()),
                new BearerToken(TOKEN),
                behind.routes(home, stops::incrementAndGet));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void tellsMonitoringTheStateOfComponentsAndNoDetail() throws IOException {
        var healthy = send("GET", "/healthcheck", null, false);
        behind.health = Health.DEGRADED;
        var degraded = send("GET", "/healthcheck", null, false);
        behind.health = Health.UNHEALTHY;
        var unhealthy = send("GET", "/healthcheck", null, false);

        assertThat(healthy)
                .isEqualTo(new Answer(
                        200,
                        "{\"status\":\"healthy\",\"components\":[{\"name\":\"spool\",\"status\":\"healthy\"}]}\n"));
        assertThat(degraded.status()).isEqualTo(200);
        assertThat(degraded.body()).contains("degraded");
        assertThat(unhealthy.status()).isEqualTo(503);
        assertThat(unhealthy.body()).doesNotContain("inner detail");
        assertThat(send("GET", "/status", null, true).body()).contains("inner detail", "\"status\":\"unhealthy\"");
    }

    @Test
    void rendersMetricsInPrometheussFormatForWhoHoldsTheToken() throws IOException {
        assertThat(send("GET", "/metrics", null, true)).isEqualTo(new Answer(200, "relais_up 1\n"));
        assertThat(send("GET", "/metrics", null, false).status()).isEqualTo(401);
    }

    @Test
    void asksForTheStopOnPostOnly() throws IOException {
        assertThat(send("GET", "/stop", null, true).status()).isEqualTo(405);
        assertThat(stops).hasValue(0);

        assertThat(send("POST", "/stop", "{}", true).status()).isEqualTo(202);
        assertThat(stops).hasValue(1);
    }

    @Test
    void showsTheCertificateInUse() throws Exception {
        try (var pem = RoutesTest.class.getResourceAsStream("/selftest/server.pem")) {
            var read = CertificateFactory.getInstance("X.509").generateCertificate(pem);
            behind.chain = List.of((X509Certificate) read);
        }

        assertThat(send("GET", "/tls", null, true).body())
                .contains("\"subject\":\"CN=mx.example.org\"", "\"selfSigned\":true", "\"key\":\"EC\"")
                .containsPattern("\"sha256\":\"[0-9a-f]{64}\"");
    }

    @Test
    void keepsAUsersPasswordOutOfEveryAnswer() throws IOException {
        behind.accounts.domains.add("example.org");

        var added = send("PUT", "/users/bob@example.org", "{\"password\":\"Geheim7\"}", true);
        var again = send("PUT", "/users/bob@example.org", "{\"password\":\"Geheim7\"}", true);
        var misspelt = send("PUT", "/users/eve@example.org", "{\"pasword\":\"Geheim7\"}", true);
        var both = send("PUT", "/users/eve@example.org", "{\"password\":\"Geheim7\",\"admin\":true}", true);
        var wrong = send("PUT", "/users/eve@example.org", "{\"password\":\"Geheim7\\u0000\"}", true);

        assertThat(added.status()).isEqualTo(201);
        assertThat(again.status()).isEqualTo(409);
        assertThat(List.of(misspelt.status(), both.status(), wrong.status())).containsOnly(400);
        assertThat(List.of(added, again, misspelt, both, wrong))
                .noneMatch(answer -> answer.body().contains("Geheim7"));
        assertThat(behind.accounts.passwords).containsOnlyKeys("bob@example.org");
    }

    @Test
    void removesMailboxesOnlyWhenToldInExactlyThatWord() throws IOException {
        behind.accounts.domains.add("example.org");
        behind.accounts.passwords.put("bob@example.org", "x");

        assertThat(send("DELETE", "/users/bob@example.org?mailboxes=yes", null, true)
                        .status())
                .isEqualTo(400);
        assertThat(behind.accounts.passwords).isNotEmpty();
        assertThat(send("DELETE", "/users/bob@example.org?mailboxes=removed", null, true)
                        .status())
                .isEqualTo(200);
        assertThat(behind.accounts.hasRemovedMailboxes).isTrue();
    }

    private Answer send(String method, String path, @Nullable String body, boolean withToken) throws IOException {
        var url = new URL(
                "http",
                server.address().getAddress().getHostAddress(),
                server.address().getPort(),
                path);
        var connection = (HttpURLConnection) url.openConnection(Proxy.NO_PROXY);
        connection.setReadTimeout(10_000);
        connection.setRequestMethod(method);
        if (withToken) {
            connection.setRequestProperty("Authorization", "Bearer " + TOKEN);
        }
        if (body != null) {
            connection.setDoOutput(true);
            connection.getOutputStream().write(body.getBytes(StandardCharsets.UTF_8));
        }
        int status = connection.getResponseCode();
        try (var stream = status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
            return new Answer(status, new String(stream.readAllBytes(), StandardCharsets.UTF_8));
        }
    }
}
