package org.relais.access.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.relais.access.smtp.Role;
import org.relais.access.smtp.spool.GatedSpool;
import org.relais.access.transport.Certificate;
import org.relais.access.transport.LineClient;
import org.relais.access.transport.ListenerOptions;
import org.relais.access.transport.TlsContext;
import org.relais.access.transport.TlsMode;
import org.relais.model.event.EventField;
import org.relais.model.event.MailEventKind;
import org.relais.spool.SpoolException;
import org.relais.spool.engine.SpoolSettings;
import org.relais.spool.log.LogSpool;

/** Sessions on sockets in front of a spool on disk, whose commits the test lets go. */
class SmtpCommitTest {
    private static final String MAIL = "Subject: x\r\n\r\ntext\r\n.\r\n";
    private static final String ENVELOPE = "MAIL FROM:<>\r\nRCPT TO:<bob@example.org>\r\n";
    private static final ListenerOptions.ListenerLimits LIMITS =
            new ListenerOptions.ListenerLimits(50, 40, Duration.ofMinutes(5), 10_000_000);

    @TempDir
    static Path certificate;

    @TempDir
    Path directory;

    private static TlsContext tls;
    private final ExecutorService io = Executors.newSingleThreadExecutor();
    private GatedSpool spool;
    private Receiving server;

    @BeforeAll
    static void makeCertificate() throws Exception {
        tls = Certificate.write(certificate, "mx.example.org");
    }

    @BeforeEach
    void start() throws Exception {
        spool = new GatedSpool(LogSpool.open(SpoolSettings.in(directory), Clock.systemUTC(), io));
        server = new Receiving(tls, spool).limits(LIMITS);
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
        io.shutdown();
    }

    @Test
    void commandsBehindTheDotWaitForTheCommit() throws Exception {
        spool.hold();
        try (LineClient client = inData(Role.SMTP, TlsMode.NONE)) {
            client.send(MAIL + "NOOP\r\n" + ENVELOPE);
            await().until(() -> spool.waiting() == 1);
            assertThat(server.mails()).isEmpty();

            spool.letOneGo();

            assertThat(client.reply()).startsWith("250 2.0.0 Ok: queued as ");
            assertThat(client.reply()).isEqualTo("250 2.0.0 Ok");
            assertThat(client.reply()).startsWith("250 2.1.0");
            assertThat(client.reply()).startsWith("250 2.1.5");
            assertThat(server.mails()).hasSize(1);
        }
    }

    @Test
    void commandsUnderTlsBehindTheDotWaitForTheCommit() throws Exception {
        spool.hold();
        try (LineClient client = LineClient.connect(server.port(Role.SMTP, TlsMode.STARTTLS))) {
            client.reply();
            client.say("EHLO c");
            assertThat(client.say("STARTTLS")).startsWith("220");
            client.startTls();
            // Far more than one TLS record, so that the rest arrives while the session waits.
            String large = "Subject: x\r\n\r\n" + "0123456789abcdef\r\n".repeat(50_000) + ".\r\n";
            client.send("EHLO c\r\n" + ENVELOPE + "DATA\r\n" + large + ENVELOPE + "DATA\r\n" + MAIL + "QUIT\r\n");
            for (String code : new String[] {"250", "250", "250", "354"}) {
                assertThat(client.reply()).startsWith(code);
            }
            for (int mail = 1; mail <= 2; mail++) {
                await().until(() -> spool.waiting() == 1);
                spool.letOneGo();
            }
            for (String code : new String[] {"250 2.0.0", "250 2.1.0", "250 2.1.5", "354", "250 2.0.0", "221"}) {
                assertThat(client.reply()).startsWith(code);
            }
        }
        assertThat(server.mails().get(0).text()).endsWith("0123456789abcdef\r\n".repeat(50_000));
    }

    @Test
    void takesChunksOverASocket() throws Exception {
        String content = "Subject: x\r\n\r\n" + "no end of line\0".repeat(100_000);
        try (LineClient client = greeted(Role.SMTP, TlsMode.NONE)) {
            int half = content.length() / 2;
            client.send(ENVELOPE + "BDAT " + half + "\r\n" + content.substring(0, half) + "BDAT "
                    + (content.length() - half) + " LAST\r\n" + content.substring(half) + "QUIT\r\n");

            for (String code : new String[] {"250 2.1.0", "250 2.1.5", "250 2.0.0", "250 2.0.0 Ok: queued", "221"}) {
                assertThat(client.reply()).startsWith(code);
            }
        }
        assertThat(server.mails().get(0).text()).endsWith(content);
    }

    @Test
    void acceptsTheMailOfAClientThatLeftDuringTheCommit() throws Exception {
        spool.hold();
        try (LineClient client = inData(Role.SMTP, TlsMode.NONE)) {
            client.send(MAIL);
            await().until(() -> spool.waiting() == 1);
        }

        spool.letOneGo();

        await().untilAsserted(() -> assertThat(server.events)
                .singleElement()
                .satisfies(event -> assertThat(event.kind()).isEqualTo(MailEventKind.RECEIVED)));
        assertThat(server.mails()).hasSize(1);
    }

    @Test
    void keepsNothingOfALargeMailWhoseClientLeft() throws Exception {
        for (String command : new String[] {"DATA\r\n", "BDAT 9000000\r\n"}) {
            try (LineClient client = greeted(Role.SMTP, TlsMode.NONE)) {
                client.send(ENVELOPE + command + "Subject: x\r\n\r\n" + "half a mail\r\n".repeat(200_000));
                await().until(() -> largeFiles() > 0);
            }
            await().untilAsserted(() -> assertThat(largeFiles()).isZero());
        }
        assertThat(server.events)
                .extracting(event -> event.field(EventField.REASON).orElse(""))
                .containsExactly("connection lost in DATA", "connection lost in BDAT");
        assertThat(server.mails()).isEmpty();
    }

    @Test
    void keepsNothingOfALargeMailThatWasRefused() throws Exception {
        spool.failWith(new SpoolException.Busy("the disk is behind"));
        try (LineClient client = inData(Role.SMTP, TlsMode.NONE)) {
            assertThat(client.send("Subject: x\r\n\r\n" + "a large mail\r\n".repeat(200_000) + ".\r\n")
                            .reply())
                    .startsWith("451 4.3.2");
            assertThat(client.say("NOOP")).startsWith("250");
        }
        await().untilAsserted(() -> assertThat(largeFiles()).isZero());
    }

    @Test
    void acceptsAgainWhenThereIsRoomAgain() throws Exception {
        try (LineClient client = greeted(Role.SMTP, TlsMode.NONE)) {
            spool.refuseWith(new SpoolException.Full("full"));
            assertThat(client.say("MAIL FROM:<> SIZE=100")).startsWith("452 4.3.1");
            client.say("MAIL FROM:<>");
            client.say("RCPT TO:<bob@example.org>");
            assertThat(client.say("DATA")).startsWith("452 4.3.1");

            spool.refuseWith(null);

            assertThat(client.say("DATA")).startsWith("354");
            assertThat(client.send(MAIL).reply()).startsWith("250 2.0.0");
        }
    }

    @Test
    void saysGoodbyeWhenTheSpoolIsBroken() throws Exception {
        spool.failWith(new SpoolException.Broken("an fsync failed", null));
        try (LineClient client = inData(Role.LMTP, TlsMode.NONE)) {
            assertThat(client.send(MAIL).reply()).startsWith("421 4.3.0");
            assertThat(client.isClosedByServer()).isTrue();
        }
        spool.refuseWith(new SpoolException.Broken("an fsync failed", null));
        try (LineClient client = greeted(Role.SMTP, TlsMode.NONE)) {
            assertThat(client.say("MAIL FROM:<> SIZE=1")).startsWith("421 4.3.0");
            assertThat(client.isClosedByServer()).isTrue();
        }
    }

    @Test
    void waitsForTheDiskLongerThanASessionMayBeSilent() throws Exception {
        server.limits(new ListenerOptions.ListenerLimits(3, 3, Duration.ofMillis(100), 1000));
        spool.hold();
        try (LineClient client = inData(Role.SMTP, TlsMode.NONE);
                LineClient silent = LineClient.connect(server.port(Role.SMTP, TlsMode.NONE))) {
            client.send(MAIL);
            await().until(() -> spool.waiting() == 1);
            silent.reply();
            assertThat(silent.reply()).startsWith("421 4.4.2");

            spool.letOneGo();

            assertThat(client.reply()).startsWith("250 2.0.0 Ok: queued as ");
        }
    }

    @Test
    void doesNotWaitForTheDiskForEver() throws Exception {
        server.patience(Duration.ofMillis(50));
        spool.hold();
        try (LineClient client = inData(Role.SMTP, TlsMode.NONE)) {
            assertThat(client.send(MAIL).reply()).startsWith("421 4.3.2");
            assertThat(client.isClosedByServer()).isTrue();
        }

        spool.letOneGo();

        await().untilAsserted(() -> assertThat(server.events).hasSize(1));
    }

    @Test
    void drainsBehindTheCommit() throws Exception {
        spool.hold();
        try (LineClient client = inData(Role.SMTP, TlsMode.NONE)) {
            client.send(MAIL);
            await().until(() -> spool.waiting() == 1);
            CompletableFuture<Void> drain =
                    CompletableFuture.runAsync(() -> server.transport.drain(Duration.ofSeconds(30)));
            assertThat(drain).isNotDone();

            spool.letOneGo();

            assertThat(client.reply()).startsWith("250 2.0.0");
            assertThat(client.reply()).startsWith("421 4.3.2");
            await().until(drain::isDone);
        }
    }

    @Test
    void givesTheSpoolTheTurnsEndToWriteIn() throws Exception {
        spool.hold();
        try (LineClient client = inData(Role.SMTP, TlsMode.NONE)) {
            client.send(MAIL);

            await().until(() -> spool.flushes.get() > 0);
            assertThat(spool.waiting()).isEqualTo(1);
            spool.letOneGo();
            assertThat(client.reply()).startsWith("250");
        }
    }

    @Test
    void takesAMailFromAClientThatReadsItsRepliesLate() throws Exception {
        try (LineClient client = greeted(Role.SMTP, TlsMode.NONE)) {
            String noops = "NOOP\r\n".repeat(20_000);
            CompletableFuture<Void> sending = CompletableFuture.runAsync(
                    () -> send(client, (noops + ENVELOPE + "DATA\r\n" + MAIL).repeat(20) + "QUIT\r\n"));

            int queued = 0;
            for (String reply = client.reply(); !reply.startsWith("221"); reply = client.reply()) {
                assertThat(reply).matches("(250|354) .*");
                queued += reply.contains("queued") ? 1 : 0;
            }
            assertThat(queued).isEqualTo(20);
            sending.join();
        }
        assertThat(server.mails()).hasSize(20);
    }

    private static void send(LineClient client, String octets) {
        try {
            client.send(octets.getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private LineClient inData(Role role, TlsMode mode) throws Exception {
        LineClient client = greeted(role, mode);
        client.say("MAIL FROM:<>");
        client.say("RCPT TO:<bob@example.org>");
        assertThat(client.say("DATA")).startsWith("354");
        return client;
    }

    private LineClient greeted(Role role, TlsMode mode) throws Exception {
        InetSocketAddress address = server.port(role, mode);
        LineClient client = LineClient.connect(address);
        client.reply();
        client.say((role == Role.LMTP ? "LHLO" : "EHLO") + " c");
        return client;
    }

    /** Files of messages that are too large for the log. */
    private long largeFiles() throws IOException {
        try (Stream<Path> files = Files.walk(directory.resolve("large"))) {
            return files.filter(Files::isRegularFile).count();
        }
    }
}
