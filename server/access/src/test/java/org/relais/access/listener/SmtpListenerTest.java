package org.relais.access.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;
import org.apache.mailet.Mail;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.relais.access.smtp.Role;
import org.relais.access.smtp.spool.SpoolIntake;
import org.relais.access.transport.Certificate;
import org.relais.access.transport.LineClient;
import org.relais.access.transport.ListenException;
import org.relais.access.transport.ListenerOptions;
import org.relais.access.transport.TlsContext;
import org.relais.access.transport.TlsMode;
import org.relais.model.event.EventField;
import org.relais.model.event.MailEventKind;

class SmtpListenerTest {
    @TempDir
    static Path directory;

    private static TlsContext tls;
    private Receiving server;

    @BeforeAll
    static void makeCertificate() throws Exception {
        tls = Certificate.write(directory, "mx.example.org");
    }

    @BeforeEach
    void start() throws Exception {
        server = new Receiving(tls);
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    @Test
    void putsAMailIntoTheSpoolUnderItsQueueId() throws Exception {
        try (LineClient client = LineClient.connect(server.port(Role.SMTP, TlsMode.STARTTLS))) {
            assertThat(client.reply()).isEqualTo("220 mx.example.org ESMTP Relais");
            client.say("EHLO client.example.net");
            client.say("MAIL FROM:<carol@example.net> BODY=8BITMIME");
            client.say("RCPT TO:<info@example.org>");
            client.say("DATA");
            String reply = client.send("Subject: x\r\n\r\n\u00e9\r\n.\r\n").reply();

            SpooledMail mail = server.mails().get(0);
            assertThat(reply).isEqualTo("250 2.0.0 Ok: queued as " + mail.name());
            assertThat(mail.envelopes().get(0).details().reversePath()).isEqualTo("carol@example.net");
            assertThat(mail.forwardPaths()).containsExactly("info@example.org");
            assertThat(mail.state().remoteAddress()).isEqualTo("127.0.0.1");
            assertThat(mail.attribute(SpoolIntake.MAY_RELAY)).isEqualTo(false);
            assertThat(mail.text())
                    .startsWith(
                            "Received: from client.example.net ([127.0.0.1])\r\n\tby mx.example.org with ESMTP\r\n\tid "
                                    + mail.name() + " for <info@example.org>;\r\n")
                    .endsWith(" +0000\r\nSubject: x\r\n\r\n\u00e9\r\n");
        }
    }

    @Test
    void upgradesToTlsAndLogsIn() throws Exception {
        try (LineClient client = LineClient.connect(server.port(Role.SUBMISSION, TlsMode.STARTTLS))) {
            client.reply();
            client.say("EHLO c");
            assertThat(client.say("AUTH PLAIN " + login("alice@example.org", "wonderland")))
                    .startsWith("538 5.7.11");
            assertThat(client.say("STARTTLS")).startsWith("220 2.0.0");
            SSLSocket socket = client.startTls();
            assertThat(socket.getSession().getProtocol()).isEqualTo("TLSv1.3");
            client.say("EHLO c");
            assertThat(client.say("AUTH PLAIN " + login("alice@example.org", "wrong")))
                    .startsWith("535 5.7.8");
            assertThat(client.say("AUTH PLAIN " + login("nobody@example.org", "wrong")))
                    .startsWith("535 5.7.8");
            assertThat(client.say("AUTH PLAIN " + login("Alice@Example.org", "wonderland")))
                    .startsWith("235");
            client.say("MAIL FROM:<alice@example.org>");
            assertThat(client.say("RCPT TO:<dave@elsewhere.example>")).startsWith("250");
            client.say("DATA");
            assertThat(client.say("Subject: x\r\n\r\n.")).startsWith("250");
        }

        SpooledMail mail = server.mails().get(0);
        assertThat(mail.attribute(Mail.SMTP_AUTH_USER.asString())).isEqualTo("alice@example.org");
        assertThat(mail.attribute(SpoolIntake.MAY_RELAY)).isEqualTo(true);
        assertThat(server.threads)
                .isNotEmpty()
                .allSatisfy(name -> assertThat(name).startsWith("relais-session"));
        assertThat(mail.text()).contains("with ESMTPSA (TLSv1.3 TLS_").doesNotContain("alice");
    }

    @Test
    void speaksImplicitTls() throws Exception {
        try (LineClient client = LineClient.connectTls(server.port(Role.SUBMISSION, TlsMode.IMPLICIT))) {
            assertThat(client.reply()).startsWith("220 ");
            client.say("EHLO c");
            assertThat(client.say("AUTH LOGIN " + base64("bob@example.org"))).startsWith("334");
            assertThat(client.say(base64("builder"))).startsWith("235");
            assertThat(client.say("MAIL FROM:<bob@example.org>")).startsWith("250");
        }
    }

    @Test
    void discardsWhatIsPipelinedInTheClearBehindStartTls() throws Exception {
        try (LineClient client = LineClient.connect(server.port(Role.SMTP, TlsMode.STARTTLS))) {
            client.reply();
            client.say("EHLO c");

            assertThat(client.say("STARTTLS\r\nMAIL FROM:<evil@example.net>")).startsWith("503 5.5.1");
            assertThat(client.isClosedByServer()).isTrue();
        }
    }

    @Test
    void upgradesToTlsManyTimesInARow() throws Exception {
        InetSocketAddress address = server.port(Role.SMTP, TlsMode.STARTTLS);
        for (int i = 0; i < 50; i++) {
            try (LineClient client = LineClient.connect(address)) {
                client.reply();
                client.say("EHLO c");
                assertThat(client.say("STARTTLS")).startsWith("220");
                client.startTls();
                assertThat(client.say("EHLO c")).startsWith("250");
            }
        }
    }

    @Test
    void usesTheReloadedCertificateForNewSessionsAndKeepsTheOldOnesOpen() throws Exception {
        InetSocketAddress address = server.port(Role.SUBMISSION, TlsMode.IMPLICIT);
        try (LineClient old = LineClient.connectTls(address)) {
            old.reply();
            Certificate.write(directory, "renewed.example.org");

            server.tls.reload();

            assertThat(old.say("NOOP")).startsWith("250");
            try (LineClient client = LineClient.connect(address)) {
                X509Certificate shown =
                        (X509Certificate) client.startTls().getSession().getPeerCertificates()[0];
                assertThat(shown.getSubjectX500Principal().getName()).isEqualTo("CN=renewed.example.org");
            }
        }
    }

    @Test
    void takesAWholeDialogueOneOctetAtATime() throws Exception {
        try (LineClient client = LineClient.connect(server.port(Role.SMTP, TlsMode.NONE))) {
            client.reply();
            String dialogue = "HELO c\r\nMAIL FROM:<>\r\nRCPT TO:<bob@example.org>\r\nDATA\r\n"
                    + "Subject: x\r\n\r\n..dot\r\n.\r\nQUIT\r\n";
            for (char octet : dialogue.toCharArray()) {
                client.send(String.valueOf(octet));
            }
            for (String code : new String[] {"250", "250", "250", "354", "250", "221"}) {
                assertThat(client.reply()).startsWith(code);
            }
        }
        assertThat(server.mails().get(0).text()).endsWith("Subject: x\r\n\r\n.dot\r\n");
    }

    @Test
    void leavesNothingBehindWhenTheClientVanishesInData() throws Exception {
        try (LineClient client = LineClient.connect(server.port(Role.SMTP, TlsMode.NONE))) {
            client.reply();
            client.say("EHLO c");
            client.say("MAIL FROM:<>");
            client.say("RCPT TO:<bob@example.org>");
            client.say("DATA");
            client.send("Subject: x\r\n\r\n" + "half a mail\r\n".repeat(2000));
        }

        await().untilAsserted(() -> assertThat(server.events)
                .anySatisfy(event -> assertThat(event.field(EventField.REASON)).contains("connection lost in DATA")));
        assertThat(server.mails()).isEmpty();
    }

    @Test
    void answersTlsOctetsOnAClearPort() throws Exception {
        try (LineClient client = LineClient.connect(server.port(Role.SMTP, TlsMode.STARTTLS))) {
            client.reply();

            assertThat(client.send("\u0016\u0003\u0001\u0002\0\u0001").reply()).startsWith("500 5.5.2");
            assertThat(client.isClosedByServer()).isTrue();
        }
    }

    @Test
    void closesWhenClearOctetsComeToATlsPort() throws Exception {
        try (LineClient client = LineClient.connect(server.port(Role.SUBMISSION, TlsMode.IMPLICIT))) {
            client.send("EHLO c\r\n");

            assertThat(client.isClosedByServer()).isTrue();
        }
    }

    @Test
    void answersGarbageBeforeTheGreeting() throws Exception {
        try (LineClient client = LineClient.connect(server.port(Role.SMTP, TlsMode.NONE))) {
            client.send("\u0001\u0002\u00ff\0\r\n");

            assertThat(client.reply()).startsWith("220");
            assertThat(client.reply()).startsWith("500 5.5.2");
            assertThat(client.say("NOOP")).startsWith("250");
        }
    }

    @Test
    void answersALineOfAMegabyte() throws Exception {
        try (LineClient client = LineClient.connect(server.port(Role.SMTP, TlsMode.NONE))) {
            client.reply();

            assertThat(client.say("x".repeat(1_000_000))).startsWith("500 5.5.2");
            assertThat(client.say("NOOP")).startsWith("250");
        }
    }

    @Test
    void letsTheFarewellReachAClientThatWentOnSending() throws Exception {
        try (LineClient client = LineClient.connect(server.port(Role.SMTP, TlsMode.NONE))) {
            StringBuilder flood = new StringBuilder("EHLO c\r\nMAIL FROM:<>\r\n");
            for (int i = 0; i < 10_000; i++) {
                flood.append("RCPT TO:<nobody").append(i).append("@example.org>\r\n");
            }
            CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> {
                try {
                    client.send(flood.toString());
                } catch (IOException e) {
                    // The server may close before it has read everything.
                    assertThat(e).isInstanceOf(SocketException.class);
                }
            });

            String last = "";
            for (String reply = client.reply(); !reply.isEmpty(); reply = client.reply()) {
                last = reply;
            }

            assertThat(last).startsWith("421 4.7.0");
            sending.join();
        }
    }

    @Test
    void refusesAMailOverTheLimitWithoutKeepingIt() throws Exception {
        try (LineClient client = LineClient.connect(server.port(Role.SMTP, TlsMode.NONE))) {
            client.reply();
            client.say("EHLO c");
            assertThat(client.say("MAIL FROM:<> SIZE=100001")).startsWith("552 5.3.4");
            client.say("MAIL FROM:<>");
            client.say("RCPT TO:<bob@example.org>");
            client.say("DATA");
            client.send("Subject: x\r\n\r\n");
            for (int i = 0; i < 100; i++) {
                client.send("0123456789".repeat(10_000) + "\r\n");
            }

            assertThat(client.say(".")).startsWith("552 5.3.4");
            assertThat(client.say("NOOP")).startsWith("250");
        }
        assertThat(server.mails()).isEmpty();
    }

    @Test
    void refusesRelayAttemptsAndRecordsThem() throws Exception {
        try (LineClient client = LineClient.connect(server.port(Role.SMTP, TlsMode.NONE))) {
            client.reply();
            client.say("EHLO c");
            client.say("MAIL FROM:<carol@example.net>");

            assertThat(client.say("RCPT TO:<dave@elsewhere.example>")).startsWith("550 5.7.1");
            assertThat(client.say("RCPT TO:<nobody@example.org>")).startsWith("550 5.1.1");
        }
        assertThat(server.events)
                .extracting(event -> event.field(EventField.STATUS).orElse(""))
                .containsExactly("5.7.1", "5.1.1");
    }

    @Test
    void lmtpPutsOneMailIntoTheSpoolAndAnswersForEachRecipient() throws Exception {
        try (LineClient client = LineClient.connect(server.port(Role.LMTP, TlsMode.NONE))) {
            assertThat(client.reply()).isEqualTo("220 mx.example.org LMTP Relais");
            client.say("LHLO c");
            client.say("MAIL FROM:<>");
            client.say("RCPT TO:<bob@example.org>");
            client.say("RCPT TO:<alice@example.org>");
            assertThat(client.say("RCPT TO:<nobody@example.org>")).startsWith("550 5.1.1");
            client.say("DATA");

            assertThat(client.say("Subject: x\r\n\r\n.")).startsWith("250 2.0.0");
            assertThat(client.reply()).startsWith("250 2.0.0");
        }
        assertThat(server.mails()).hasSize(1);
    }

    @Test
    void namesTheListenerWhosePortIsInUse() throws Exception {
        int taken = server.port(Role.SMTP, TlsMode.NONE).getPort();

        assertThatThrownBy(() -> server.listen(Role.LMTP, TlsMode.NONE, taken))
                .isInstanceOf(ListenException.class)
                .hasMessageContaining("listener lmtp")
                .hasMessageContaining("127.0.0.1:" + taken);
    }

    @Test
    void takesTheClientsAddressFromATrustedProxy() throws Exception {
        server.proxyFrom("127.0.0.0/8").relayFrom("10.1.0.0/16");
        InetSocketAddress address = server.port(Role.SMTP, TlsMode.NONE);
        byte[] version2 = {
            0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A, 0x21, 0x11, 0, 12, 10, 1, 2, 3, 127,
            0, 0, 1, 0x30, 0x39, 0, 25
        };
        for (byte[] preface :
                new byte[][] {"PROXY TCP4 10.1.2.3 127.0.0.1 12345 25\r\n".getBytes(StandardCharsets.US_ASCII), version2
                }) {
            try (LineClient client = LineClient.connect(address)) {
                client.send(preface).send("EHLO c\r\nMAIL FROM:<>\r\nRCPT TO:<dave@elsewhere.example>\r\n");

                assertThat(client.reply()).startsWith("220");
                assertThat(client.reply()).startsWith("250");
                assertThat(client.reply()).startsWith("250 2.1.0");
                assertThat(client.reply()).startsWith("250 2.1.5");
            }
        }
    }

    @Test
    void speaksImplicitTlsBehindAProxy() throws Exception {
        server.proxyFrom("127.0.0.0/8");
        try (LineClient client = LineClient.connect(server.port(Role.SUBMISSION, TlsMode.IMPLICIT))) {
            client.send("PROXY TCP6 2001:db8::1 ::1 12345 465\r\n");
            client.startTls();

            assertThat(client.reply()).startsWith("220");
            client.say("EHLO c");
            client.say("AUTH PLAIN " + login("alice@example.org", "wrong"));
            assertThat(server.events)
                    .singleElement()
                    .satisfies(
                            event -> assertThat(event.field(EventField.CLIENT)).contains("2001:db8:0:0:0:0:0:1"));
        }
    }

    @Test
    void wantsThePrefaceFromAProxyAndFromNobodyElse() throws Exception {
        try (LineClient stranger = LineClient.connect(server.port(Role.SMTP, TlsMode.NONE))) {
            stranger.reply();
            assertThat(stranger.say("PROXY TCP4 10.1.2.3 127.0.0.1 12345 25")).startsWith("500 5.5.2");
        }
        server.proxyFrom("127.0.0.0/8");
        try (LineClient proxy = LineClient.connect(server.port(Role.SMTP, TlsMode.NONE))) {
            proxy.send("EHLO this.is.no.preface.example.net\r\n");

            assertThat(proxy.isClosedByServer()).isTrue();
        }
    }

    @Test
    void limitsConnectionsInAllAndByClientAddress() throws Exception {
        server.limits(new ListenerOptions.ListenerLimits(3, 1, Duration.ofMinutes(5), 1000));
        InetSocketAddress address = server.port(Role.SMTP, TlsMode.NONE);
        try (LineClient first = LineClient.connect(address)) {
            assertThat(first.reply()).startsWith("220");
            try (LineClient second = LineClient.connect(address)) {
                assertThat(second.reply()).startsWith("421 4.7.0").contains("from your address");
                assertThat(second.isClosedByServer()).isTrue();
            }
            first.say("QUIT");
        }
        await().untilAsserted(() -> {
            try (LineClient third = LineClient.connect(address)) {
                assertThat(third.reply()).startsWith("220");
            }
        });
    }

    @Test
    void endsASilentSession() throws Exception {
        server.limits(new ListenerOptions.ListenerLimits(3, 3, Duration.ofMillis(50), 1000));
        try (LineClient client = LineClient.connect(server.port(Role.SMTP, TlsMode.NONE))) {
            assertThat(client.reply()).startsWith("220");
            assertThat(client.reply()).startsWith("421 4.4.2");
            assertThat(client.isClosedByServer()).isTrue();
        }
    }

    @Test
    void letsATransactionEndBeforeItStopsAndSendsTheOthersAway() throws Exception {
        InetSocketAddress address = server.port(Role.SMTP, TlsMode.NONE);
        try (LineClient idle = LineClient.connect(address);
                LineClient working = LineClient.connect(address)) {
            idle.reply();
            working.reply();
            working.say("EHLO c");
            working.say("MAIL FROM:<>");
            working.say("RCPT TO:<bob@example.org>");
            working.say("DATA");

            CompletableFuture<Void> drain =
                    CompletableFuture.runAsync(() -> server.transport.drain(Duration.ofSeconds(30)));

            assertThat(idle.reply()).startsWith("421 4.3.2");
            assertThat(idle.isClosedByServer()).isTrue();
            // The JDK closes a listening socket for good when its selector wakes up next.
            await().untilAsserted(() ->
                    assertThatThrownBy(() -> LineClient.connect(address)).isInstanceOf(ConnectException.class));
            assertThat(drain).isNotDone();
            assertThat(working.say("Subject: x\r\n\r\n.")).startsWith("250 2.0.0");
            assertThat(working.reply()).startsWith("421 4.3.2");
            await().until(drain::isDone);
        }
        assertThat(server.mails()).hasSize(1);
    }

    @Test
    void closesATransactionThatOutlivesTheDrain() throws Exception {
        try (LineClient client = LineClient.connect(server.port(Role.SMTP, TlsMode.NONE))) {
            client.reply();
            client.say("EHLO c");
            client.say("MAIL FROM:<>");

            server.transport.drain(Duration.ofMillis(50));

            assertThat(client.isClosedByServer()).isTrue();
        }
    }

    @Test
    void servesOthersWhileLookUpsAreSlow() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        server.beforeLookUp(path -> {
            if (path.localPart().equals("alice")) {
                awaitRelease(release);
            }
        });
        InetSocketAddress address = server.port(Role.SMTP, TlsMode.NONE);
        List<LineClient> slow = new ArrayList<>();
        // One fewer than there are session threads, and more than there are event loops.
        for (int i = 0; i < 3; i++) {
            LineClient client = LineClient.connect(address);
            slow.add(client);
            client.reply();
            client.say("EHLO c");
            client.say("MAIL FROM:<>");
            client.send("RCPT TO:<alice@example.org>\r\n");
        }
        for (int i = 0; i < 8; i++) {
            try (LineClient quick = LineClient.connect(address)) {
                assertThat(quick.reply()).startsWith("220");
                quick.say("EHLO c");
                quick.say("MAIL FROM:<>");
                assertThat(quick.say("RCPT TO:<bob@example.org>")).startsWith("250");
            }
        }
        release.countDown();
        for (LineClient client : slow) {
            assertThat(client.reply()).startsWith("250 2.1.5");
            client.close();
        }
    }

    @Test
    void closesAClientThatSendsAndNeverListens() throws Exception {
        server.limits(new ListenerOptions.ListenerLimits(3, 3, Duration.ofMillis(300), 1000));
        try (LineClient client = LineClient.connect(server.port(Role.SMTP, TlsMode.NONE))) {
            byte[] flood = "NOOP\r\n".repeat(10_000).getBytes(StandardCharsets.US_ASCII);

            // Without the bound the server would take this for ever.
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 10_000; i++) {
                            client.send(flood);
                        }
                    })
                    .isInstanceOf(IOException.class);
        }
    }

    private static void awaitRelease(CountDownLatch release) {
        try {
            assertThat(release.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void recordsEachReceivedMail() throws Exception {
        try (LineClient client = LineClient.connect(server.port(Role.SMTP, TlsMode.NONE))) {
            client.reply();
            client.send(
                    "EHLO c\r\nMAIL FROM:<>\r\nRCPT TO:<bob@example.org>\r\nDATA\r\nSubject: x\r\n\r\n.\r\nQUIT\r\n");
            assertThat(client.isClosedByServer()).isTrue();
        }

        assertThat(server.events).singleElement().satisfies(event -> {
            assertThat(event.kind()).isEqualTo(MailEventKind.RECEIVED);
            assertThat(event.field(EventField.PROTOCOL)).contains("smtp");
            assertThat(event.field(EventField.CLIENT)).contains("127.0.0.1");
        });
    }

    private static String login(String name, String password) {
        return base64("\0" + name + "\0" + password);
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
