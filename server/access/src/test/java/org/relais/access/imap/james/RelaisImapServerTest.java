package org.relais.access.imap.james;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.relais.access.imap.ImapLimits;
import org.relais.access.mailbox.LineClient;
import org.relais.access.mailbox.MemoryMail;
import org.relais.access.mailbox.TestCertificate;
import org.relais.access.transport.BoundListener;
import org.relais.access.transport.ListenerOptions;
import org.relais.access.transport.ListenerOptions.ListenerLimits;
import org.relais.access.transport.ListenerTransport;
import org.relais.access.transport.Network;
import org.relais.access.transport.TlsContext;
import org.relais.access.transport.TlsMode;

class RelaisImapServerTest {

    private static final int MESSAGE_OCTETS = 25 << 20;
    private static final String LOGIN = "LOGIN " + MemoryMail.USER + " " + MemoryMail.PASSWORD;

    private static final String FIRST = "Subject: first\r\n\r\nbody\r\n";

    @TempDir
    Path directory;

    private final MemoryMail mail = new MemoryMail();
    private final ListenerTransport transport = new ListenerTransport(2, 4);
    private final List<RelaisImapServer> servers = new ArrayList<>();
    private final List<LineClient> clients = new ArrayList<>();
    private TestCertificate certificate;
    private TlsContext tls;
    private BoundListener implicit;
    private BoundListener clear;

    @BeforeEach
    void start() throws Exception {
        certificate = new TestCertificate(directory);
        tls = certificate.context();
        implicit = listener(TlsMode.IMPLICIT, List.of());
        clear = listener(TlsMode.STARTTLS, List.of());
        mail.deliver(FIRST);
    }

    @AfterEach
    void stop() throws IOException {
        for (var client : clients) {
            client.close();
        }
        servers.forEach(RelaisImapServer::close);
        transport.close();
    }

    @Test
    void greetsWithoutAVersion() throws Exception {
        var client = client(clear);

        assertThat(client.line()).isEqualTo("* OK mx.example.org Relais ready");
    }

    @Test
    void takesPasswordsUnderTlsOnly() throws Exception {
        var client = client(clear);
        client.line();

        assertThat(client.command("a", "CAPABILITY").get(0))
                .contains("LOGINDISABLED", "STARTTLS")
                .doesNotContain("AUTH=PLAIN");
        assertThat(client.command("b", LOGIN)).containsExactly("b NO [PRIVACYREQUIRED] Login needs TLS");
        assertThat(client.command("c", "AUTHENTICATE PLAIN " + plain()))
                .containsExactly("c NO [PRIVACYREQUIRED] Login needs TLS");
        assertThat(client.command("d", "STARTTLS").get(0)).startsWith("d OK");
        client.startTls();
        assertThat(client.command("e", "CAPABILITY").get(0))
                .contains("AUTH=PLAIN")
                .doesNotContain("LOGINDISABLED", "STARTTLS");
        assertThat(client.command("f", LOGIN)).last().asString().startsWith("f OK");
    }

    @Test
    void logsInByAuthenticateWithAndWithoutInitialResponse() throws Exception {
        var one = client(implicit);
        one.line();
        assertThat(one.command("a", "AUTHENTICATE PLAIN " + plain()).get(0)).startsWith("a OK");

        var two = client(implicit);
        two.line();
        two.send("a AUTHENTICATE PLAIN\r\n");
        assertThat(two.line()).startsWith("+");
        two.send(plain() + "\r\nb STATUS INBOX (MESSAGES)\r\n");
        assertThat(two.linesUntil(line -> line.startsWith("b "))).satisfies(lines -> {
            assertThat(lines.get(0)).startsWith("a OK");
            assertThat(lines.get(1)).contains("MESSAGES 1");
        });
    }

    @Test
    void runsWhatIsPipelinedBehindLogin() throws Exception {
        for (int round = 0; round < 50; round++) {
            try (var client = client(implicit)) {
                client.line();

                client.send("a " + LOGIN + "\r\nb STATUS INBOX (MESSAGES)\r\nc SELECT INBOX\r\n"
                        + "d FETCH 1 (BODY.PEEK[])\r\ne LOGOUT\r\n");

                var answers = client.rest();
                assertThat(answers)
                        .contains("a OK", "* STATUS \"INBOX\" (MESSAGES 1)", "b OK", "c OK", "Subject: first", "d OK")
                        .contains("* BYE", "e OK");
                assertThat(answers.indexOf("a OK")).isLessThan(answers.indexOf("* STATUS"));
            }
        }
    }

    @Test
    void keepsLittleForClientsThatAnnounceMuchBeforeLogin() throws Exception {
        var before = spillFiles();
        long heap = usedHeap();
        var chunk = "x".repeat(1 << 20);

        for (int i = 0; i < 8; i++) {
            var client = client(clear);
            client.line();
            assertThat(client.command("a", "LOGIN {60000000}"))
                    .containsExactly("a NO [TOOBIG] Literal larger than 8192 octets");
            var pushing = client(clear);
            pushing.line();
            pushing.send("a LOGIN {60000000+}\r\n");
            assertThat(pushing.line()).startsWith("* BYE [TOOBIG]");
            flood(pushing, chunk);
        }

        assertThat(usedHeap() - heap).isLessThan(64 << 20);
        assertThat(spillFiles()).isEqualTo(before);
    }

    @Test
    void endsAConnectionThatTalksMuchBeforeLogin() throws Exception {
        var client = client(clear);
        client.line();

        client.send("a NOOP\r\n".repeat(100));

        assertThat(client.rest()).contains("* BYE More than 64 commands before login");
    }

    @Test
    void endsAConnectionThatDoesNotLogIn() throws Exception {
        var server = new RelaisImapServer(
                options(TlsMode.NONE, List.of()),
                ImapLimits.forMessagesOf(MESSAGE_OCTETS).withLoginTime(Duration.ofMillis(50)),
                null,
                transport,
                mail.imap());
        servers.add(server);
        var client = client(server.start());

        assertThat(client.rest()).contains("* BYE No login within the time for it");
    }

    @Test
    void answersAnEndlessLine() throws Exception {
        var client = loggedIn();

        flood(client, "x".repeat(1 << 20));

        assertThat(client.line()).isEqualTo("* BYE Command line longer than 65536 octets");
    }

    @Test
    void refusesCommandsInTheClearBehindStartTls() throws Exception {
        var client = client(clear);
        client.line();

        client.send("a STARTTLS\r\nb NOOP\r\n");

        assertThat(client.rest()).isEqualTo("* BYE Nothing may follow STARTTLS before TLS\r\n");
    }

    @Test
    void neverRunsTheTextOfARefusedLiteral() throws Exception {
        var client = loggedIn();
        var mischief = "x CREATE evil\r\n";

        client.send("a APPEND nowhere {" + mischief.length() + "+}\r\n" + mischief + "\r\n" + "b FROBNICATE {"
                + mischief.length() + "+}\r\n" + mischief + "\r\nc LIST \"\" \"*\"\r\n");

        var answers = client.linesUntil(line -> line.startsWith("c "));
        assertThat(answers.get(0)).startsWith("a NO [TRYCREATE]");
        assertThat(answers.get(1)).startsWith("b BAD");
        assertThat(answers).noneMatch(line -> line.contains("evil"));
    }

    @Test
    void appendsTwoMailsInOnePacketOnceEach() throws Exception {
        var client = loggedIn();
        var text = "Subject: x\r\n\r\nx NOOP\r\n";
        var append = " APPEND INBOX {" + text.length() + "+}\r\n" + text + "\r\n";

        client.send("a NOOP\r\nb" + append + "c" + append + "d STATUS INBOX (MESSAGES)\r\n");

        assertThat(client.linesUntil(line -> line.startsWith("d ")))
                .filteredOn(line -> !line.startsWith("*"))
                .extracting(line -> line.substring(0, 4))
                .containsExactly("a OK", "b OK", "c OK", "d OK");
        assertThat(client.command("e", "STATUS INBOX (MESSAGES)").get(0)).contains("MESSAGES 3");
    }

    @Test
    void fetchesAMailByteIdentical() throws Exception {
        var client = loggedIn();
        client.command("a", "SELECT INBOX");

        client.send("b FETCH 1 (UID BODY.PEEK[])\r\n");

        assertThat(client.line()).isEqualTo("* 1 FETCH (UID 1 BODY[] {" + FIRST.length() + "}");
        assertThat(new String(client.octets(FIRST.length()), ISO_8859_1)).isEqualTo(FIRST);
        assertThat(client.line()).isEqualTo(")");
        assertThat(client.line()).startsWith("b OK");
    }

    @Test
    void keepsALargeMailByteIdentical() throws Exception {
        var before = spillFiles();
        var content = largeMail(20 << 20);
        var client = loggedIn();

        client.send("a APPEND INBOX {" + content.length + "}\r\n");
        assertThat(client.line()).startsWith("+ ");
        client.send(new String(content, ISO_8859_1) + "\r\n");
        assertThat(client.linesUntil(line -> line.startsWith("a ")).get(0)).startsWith("a OK [APPENDUID");
        client.command("b", "SELECT INBOX");
        client.send("c FETCH 2 (BODY.PEEK[])\r\n");
        var start = client.linesUntil(line -> line.contains("BODY[]"));

        assertThat(start.get(start.size() - 1)).endsWith("{" + content.length + "}");
        assertThat(client.octets(content.length)).isEqualTo(content);
        assertThat(client.linesUntil(line -> line.startsWith("c ")))
                .last()
                .asString()
                .startsWith("c OK");
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(spillFiles()).isEqualTo(before));
    }

    @Test
    void leavesNoFileWhenTheClientVanishesAmidALiteral() throws Exception {
        var before = spillFiles();
        var client = loggedIn();

        client.send("a APPEND INBOX {2000000+}\r\n" + "x".repeat(1_000_000));
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(spillFiles()).hasSize(before.size() + 1));
        client.close();

        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(spillFiles()).isEqualTo(before));
    }

    @Test
    void refusesAMailOverTheLimitAndGoesOn() throws Exception {
        var client = loggedIn();

        assertThat(client.command("a", "APPEND INBOX {" + (MESSAGE_OCTETS + 1) + "}")
                        .get(0))
                .startsWith("a NO [TOOBIG]");
        assertThat(client.command("b", "CAPABILITY").get(0)).contains("APPENDLIMIT=" + MESSAGE_OCTETS);
    }

    @Test
    void announcesCondstoreAndTellsTheHighestModSeq() throws Exception {
        var client = loggedIn();

        assertThat(client.command("a", "CAPABILITY").get(0)).contains(" CONDSTORE", " QRESYNC", " IDLE");
        assertThat(client.command("b", "SELECT INBOX (CONDSTORE)"))
                .anyMatch(line -> line.startsWith("* OK [HIGHESTMODSEQ "));
        assertThat(client.command("c", "FETCH 1 (FLAGS MODSEQ)").get(0)).contains("MODSEQ (");
    }

    @Test
    void tellsAnIdlingClientOfNewMailAtOnce() throws Exception {
        var client = loggedIn();
        client.command("a", "SELECT INBOX");
        client.send("b IDLE\r\n");
        assertThat(client.line()).startsWith("+ ");

        mail.deliver("Subject: second\r\n\r\nbody\r\n");

        assertThat(client.linesUntil(line -> line.contains("EXISTS"))).last().isEqualTo("* 2 EXISTS");
        client.send("DONE\r\nc NOOP\r\n");
        assertThat(client.linesUntil(line -> line.startsWith("c ")))
                .anyMatch(line -> line.startsWith("b OK"))
                .anyMatch(line -> line.startsWith("c OK"));
    }

    @Test
    void listsMailboxesWhoseNamesAreOdd() throws Exception {
        var client = loggedIn();
        client.command("a", "CREATE \"a.b.c\"");
        client.command("b", "CREATE \"&AOk-t&AOk-\"");
        client.command("b", "SUBSCRIBE gone");

        assertThat(client.command("c", "LIST \"\" \"*\""))
                .hasSizeGreaterThan(4)
                .last()
                .asString()
                .startsWith("c OK");
        for (var arguments : List.of(
                "\"\" \"\"",
                "\"a.b\" \"%\"",
                "\"\" \"%\" RETURN (CHILDREN)",
                "\"\" \"*\" RETURN (SUBSCRIBED MYRIGHTS STATUS (MESSAGES))",
                "(SUBSCRIBED RECURSIVEMATCH) \"\" \"*\"",
                "(SUBSCRIBED) \"\" \"gone\"")) {
            assertThat(client.command("d", "LIST " + arguments))
                    .last()
                    .asString()
                    .startsWith("d OK");
        }
        assertThat(client.command("e", "LIST \"#news\" \"*\""))
                .last()
                .asString()
                .startsWith("e NO [NOPERM]");
    }

    @Test
    void copiesManyMails() throws Exception {
        for (int i = 0; i < 999; i++) {
            mail.deliver("Subject: " + i + "\r\n\r\nbody\r\n");
        }
        var client = loggedIn();
        client.command("a", "CREATE copies");
        client.command("b", "SELECT INBOX");

        assertThat(client.command("c", "COPY 1:* copies")).last().asString().startsWith("c OK");
        assertThat(client.command("d", "STATUS copies (MESSAGES)").get(0)).contains("MESSAGES 1000");
    }

    @Test
    void saysByeToIdleSessionsWhenItIsDrained() throws Exception {
        var client = loggedIn();
        client.command("a", "SELECT INBOX");
        client.send("b IDLE\r\n");
        assertThat(client.line()).startsWith("+ ");

        implicit.drain(Duration.ofSeconds(10));

        assertThat(client.rest()).isEqualTo("* BYE Server is going down\r\n");
    }

    @Test
    void givesNewSessionsTheReloadedCertificate() throws Exception {
        var before = client(implicit);
        before.line();
        certificate.renew("other");

        tls.reload();

        var after = client(implicit);
        assertThat(after.line()).startsWith("* OK");
        assertThat(after.serverCertificate().getSubjectX500Principal().getName())
                .isEqualTo("CN=other");
        assertThat(before.serverCertificate().getSubjectX500Principal().getName())
                .isEqualTo("CN=localhost");
        assertThat(before.command("a", LOGIN)).last().asString().startsWith("a OK");
    }

    @Test
    void takesTheClientFromThePreface() throws Exception {
        var proxied = listener(TlsMode.STARTTLS, List.of(Network.parse("127.0.0.0/8")));
        var client = client(proxied);

        client.send("PROXY TCP4 192.0.2.7 192.0.2.8 4711 143\r\n");

        assertThat(client.line()).startsWith("* OK");
    }

    @Test
    void survivesRubbish() throws Exception {
        var client = client(clear);
        client.line();
        client.send("\u0016\u0003\u0001\u0000\u00a5 rubbish \u0000\r\n");
        assertThat(client.rest()).contains("* BYE");

        var plain = new LineClient(implicit.address());
        clients.add(plain);
        plain.send("a NOOP\r\n");
        plain.rest();

        assertThat(loggedIn().command("a", "NOOP")).last().asString().startsWith("a OK");
    }

    private LineClient loggedIn() throws Exception {
        var client = client(implicit);
        client.line();
        assertThat(client.command("login", LOGIN)).last().asString().startsWith("login OK");
        return client;
    }

    private LineClient client(BoundListener listener) throws Exception {
        var client = new LineClient(listener.address());
        clients.add(client);
        return listener == implicit ? client.startTls() : client;
    }

    private BoundListener listener(TlsMode mode, List<Network> proxyFrom) throws Exception {
        var server = new RelaisImapServer(
                options(mode, proxyFrom), ImapLimits.forMessagesOf(MESSAGE_OCTETS), tls, transport, mail.imap());
        servers.add(server);
        return server.start();
    }

    private static ListenerOptions options(TlsMode mode, List<Network> proxyFrom) {
        return new ListenerOptions(
                "imap",
                InetAddress.getLoopbackAddress(),
                0,
                mode,
                proxyFrom,
                "mx.example.org",
                new ListenerLimits(100, 50, Duration.ofMinutes(30), MESSAGE_OCTETS));
    }

    /** Pushes 60 MB or as much as the server takes. */
    private static void flood(LineClient client, String chunk) {
        try {
            for (int i = 0; i < 60; i++) {
                client.send(chunk);
            }
        } catch (IOException closed) {
            assertThat(closed).hasMessageNotContaining("timed out");
        }
    }

    private static byte[] largeMail(int octets) {
        var content = new StringBuilder("Subject: large\r\n\r\n");
        while (content.length() < octets) {
            content.append(".dots \u00e9\u00ff and text ")
                    .append(content.length())
                    .append("\r\n");
        }
        return content.toString().getBytes(ISO_8859_1);
    }

    private static String plain() {
        return Base64.getEncoder()
                .encodeToString(("\0" + MemoryMail.USER + "\0" + MemoryMail.PASSWORD).getBytes(ISO_8859_1));
    }

    private static long usedHeap() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private static List<Path> spillFiles() throws IOException {
        try (var files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return files.filter(file -> file.getFileName().toString().startsWith("relais-imap"))
                    .sorted()
                    .toList();
        }
    }
}
