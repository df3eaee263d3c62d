package org.relais.administration.selftest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SelfTestTest {
    private static final String ADDRESS = "probe@example.org";
    private static final String PASSWORD = "Geheim7";

    private final Transcript transcript = new Transcript(line -> {});
    private FakeMailServer server;

    @BeforeEach
    void start() throws IOException {
        server = new FakeMailServer();
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    @Test
    void readsLikeACourseBookFromSubmissionToPop3() throws Exception {
        selfTest("server.pem", Duration.ofSeconds(10)).run(ADDRESS, PASSWORD);

        assertThat(transcript.lines())
                .containsSubsequence(
                        "S: 220 fake ESMTP",
                        "C: STARTTLS",
                        "C: AUTH PLAIN ****",
                        "C: MAIL FROM:<probe@example.org>",
                        "S: 250 2.0.0 Ok: queued as 1",
                        "C: a2 LOGIN probe@example.org ****",
                        "S: + idling",
                        "S: * 1 EXISTS",
                        "C: DONE",
                        "# identical over IMAP, octet by octet, below 25 octets of trace fields",
                        "C: PASS ****",
                        "C: DELE 1",
                        "# identical over POP3, octet by octet, below 25 octets of trace fields");
        assertThat(server.hasDeleted()).isTrue();
    }

    @Test
    void neverPrintsThePassword() throws Exception {
        selfTest("server.pem", Duration.ofSeconds(10)).run(ADDRESS, PASSWORD);

        assertThat(String.join("\n", transcript.lines()))
                .doesNotContain(PASSWORD, "AHByb2JlQGV4YW1wbGUub3JnAEdlaGVpbTc");
        assertThat(server.seen).contains("AUTH PLAIN AHByb2JlQGV4YW1wbGUub3JnAEdlaGVpbTc=");
    }

    @Test
    void failsWhenAnOctetWasChangedOnTheWay() {
        server.alter("This mail checks", "This mail cheeks");

        var failure = failure("server.pem", Duration.ofSeconds(10));

        assertThat(failure.what()).contains("IMAP", "not the one that was sent");
    }

    @Test
    void failsWhenAFieldWasRemoved() {
        server.alter("MIME-Version: 1.0\r\n", "");

        assertThat(failure("server.pem", Duration.ofSeconds(10)).what()).contains("not the one that was sent");
    }

    @Test
    void trustsNoCertificateButTheOneOfTheHome() {
        var failure = failure("other.pem", Duration.ofSeconds(10));

        assertThat(failure.what()).contains("no TLS session");
        assertThat(server.seen).noneMatch(line -> line.startsWith("AUTH"));
    }

    @Test
    void saysWhatTheServerAnsweredInsteadOfWhatWasDue() {
        server.answersAuthWith("535 5.7.8 no");

        assertThat(failure("server.pem", Duration.ofSeconds(10)).what())
                .isEqualTo("submission answered 535 5.7.8 no where 235 was due");
    }

    @Test
    void endsAtItsDeadlineWhenNobodyAnswers() throws Exception {
        try (var silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var address = new InetSocketAddress(silent.getInetAddress(), silent.getLocalPort());
            var test = selfTest(new SelfTest.Servers(address, address, address), "server.pem", Duration.ofMillis(200));

            var failure = catchThrowableOfType(SelfTestFailure.class, () -> test.run(ADDRESS, PASSWORD));

            assertThat(failure.what()).contains("submission did not answer within");
        }
    }

    private SelfTestFailure failure(String certificate, Duration deadline) {
        return catchThrowableOfType(
                SelfTestFailure.class, () -> selfTest(certificate, deadline).run(ADDRESS, PASSWORD));
    }

    private SelfTest selfTest(String certificate, Duration deadline) throws Exception {
        return selfTest(server.servers(), certificate, deadline);
    }

    private SelfTest selfTest(SelfTest.Servers servers, String certificate, Duration deadline) throws Exception {
        var pem = Path.of(
                SelfTestTest.class.getResource("/selftest/" + certificate).toURI());
        return new SelfTest(
                servers,
                PinnedCertificate.read(pem),
                deadline,
                InstantSource.fixed(Instant.parse("2026-11-23T06:00:00Z")),
                new Random(7),
                transcript);
    }
}
