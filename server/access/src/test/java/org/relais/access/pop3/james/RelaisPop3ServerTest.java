package org.relais.access.pop3.james;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.relais.access.mailbox.LineClient;
import org.relais.access.mailbox.MemoryMail;
import org.relais.access.mailbox.TestCertificate;
import org.relais.access.pop3.MaildropLocks;
import org.relais.access.transport.BoundListener;
import org.relais.access.transport.ListenerOptions;
import org.relais.access.transport.ListenerOptions.ListenerLimits;
import org.relais.access.transport.ListenerTransport;
import org.relais.access.transport.Network;
import org.relais.access.transport.TlsContext;
import org.relais.access.transport.TlsMode;

class RelaisPop3ServerTest {

    private static final String FIRST = "Subject: first\r\n\r\n.dot\r\n";
    private static final String SECOND = "Subject: second\r\n\r\n8-bit \u00e9\u00ff\r\nno line end";

    @TempDir
    Path directory;

    private final MemoryMail mail = new MemoryMail();
    private final MaildropLocks locks = new MaildropLocks();
    private final ListenerTransport transport = new ListenerTransport(2, 4);
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
        mail.deliver(SECOND);
    }

    @AfterEach
    void stop() throws IOException {
        for (var client : clients) {
            client.close();
        }
        transport.close();
    }

    @Test
    void greetsWithoutVersionAndApopStamp() throws Exception {
        assertThat(client(clear).line()).isEqualTo("+OK mx.example.org Relais POP3 ready");
    }

    @Test
    void takesPasswordsUnderTlsOnly() throws Exception {
        var client = client(clear);
        client.line();

        assertThat(capabilities(client))
                .contains("STLS", "RESP-CODES", "UIDL", "TOP")
                .doesNotContain("USER");
        assertThat(ask(client, "USER " + MemoryMail.USER)).startsWith("-ERR [AUTH]");
        assertThat(ask(client, "PASS " + MemoryMail.PASSWORD)).startsWith("-ERR [AUTH]");
        assertThat(ask(client, "STLS")).startsWith("+OK");
        client.startTls();
        var before = capabilities(client);
        assertThat(before).contains("USER").doesNotContain("STLS");
        login(client);
        assertThat(capabilities(client)).isEqualTo(before);
    }

    @Test
    void refusesCommandsInTheClearBehindStls() throws Exception {
        var client = client(clear);
        client.line();

        client.send("STLS\r\nCAPA\r\n");

        assertThat(client.rest()).isEqualTo("+OK Begin TLS\r\n-ERR Nothing may follow STLS before TLS\r\n");
    }

    @Test
    void tellsAWrongPasswordAndAnUnknownUserTheSame() throws Exception {
        var client = client(implicit);
        client.line();
        ask(client, "USER " + MemoryMail.USER);
        var wrong = ask(client, "PASS wrong");
        ask(client, "USER nobody@example.org");

        assertThat(ask(client, "PASS wrong")).isEqualTo(wrong).startsWith("-ERR [AUTH]");
        client.send("USER nobody\r\nPASS x\r\n");
        assertThat(client.rest()).endsWith(wrong + "\r\n");
    }

    @Test
    void givesUniqueIdsWithTheUidValidity() throws Exception {
        var client = loggedIn();

        client.send("UIDL\r\n");

        assertThat(client.linesUntil("."::equals)).element(1).asString().matches("1 [0-9]+\\.1");
        assertThat(ask(client, "UIDL 2")).matches("\\+OK 2 [0-9]+\\.2");
    }

    @Test
    void refusesASecondLoginUntilTheFirstQuits() throws Exception {
        var first = loggedIn();
        var second = client(implicit);
        second.line();
        ask(second, "USER " + MemoryMail.USER);

        assertThat(ask(second, "PASS " + MemoryMail.PASSWORD)).startsWith("-ERR [IN-USE]");
        assertThat(ask(first, "QUIT")).startsWith("+OK");
        login(second);
    }

    @Test
    void releasesTheMaildropOfAClientThatVanishes() throws Exception {
        loggedIn().close();

        await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
            try (var client = new LineClient(implicit.address()).startTls()) {
                client.line();
                login(client);
            }
        });
    }

    @Test
    void givesMailsByteIdentical() throws Exception {
        var client = loggedIn();

        client.send("RETR 1\r\nRETR 2\r\nTOP 1 0\r\nLIST\r\nSTAT\r\n");

        assertThat(client.linesUntil("."::equals))
                .containsExactly("+OK Message follows", "Subject: first", "", "..dot", ".");
        assertThat(client.linesUntil("."::equals))
                .containsExactly(
                        "+OK Message follows", "Subject: second", "", "8-bit \u00e9\u00ff", "no line end", ".");
        assertThat(client.linesUntil("."::equals)).containsExactly("+OK Message follows", "Subject: first", "", ".");
        assertThat(client.linesUntil("."::equals))
                .containsExactly("+OK Listing follows", "1 " + FIRST.length(), "2 " + SECOND.length(), ".");
        assertThat(client.line()).isEqualTo("+OK 2 " + (FIRST.length() + SECOND.length()));
    }

    @Test
    void givesALargeMailByteIdentical() throws Exception {
        var content = new StringBuilder("Subject: large\r\n\r\n");
        while (content.length() < 20 << 20) {
            content.append(content.length()).append(" text \u00e9\r\n");
        }
        mail.deliver(content.toString().getBytes(ISO_8859_1));
        var client = loggedIn();

        client.send("RETR 3\r\n");

        assertThat(client.line()).startsWith("+OK");
        assertThat(client.octets(content.length())).isEqualTo(content.toString().getBytes(ISO_8859_1));
        assertThat(client.line()).isEqualTo(".");
    }

    @Test
    void removesMarkedMailsAtQuitOnly() throws Exception {
        var vanishing = loggedIn();
        assertThat(ask(vanishing, "DELE 1")).startsWith("+OK");
        assertThat(ask(vanishing, "RETR 1")).startsWith("-ERR");
        assertThat(ask(vanishing, "STAT")).startsWith("+OK 1 ");
        assertThat(ask(vanishing, "RSET")).startsWith("+OK 2 ");
        ask(vanishing, "DELE 2");
        vanishing.close();
        await().atMost(Duration.ofSeconds(10))
                .until(() -> locks.acquire(MemoryMail.USER)
                        .map(lock -> {
                            lock.close();
                            return true;
                        })
                        .orElse(false));

        var client = loggedIn();
        assertThat(ask(client, "STAT")).startsWith("+OK 2 ");
        ask(client, "DELE 1");
        assertThat(ask(client, "QUIT")).startsWith("+OK");

        assertThat(ask(loggedIn(), "STAT")).isEqualTo("+OK 1 " + SECOND.length());
    }

    @Test
    void answersNonsense() throws Exception {
        var client = loggedIn();

        for (var command :
                List.of("RETR", "RETR 0", "RETR -1", "RETR 99999999999", "TOP 1", "TOP 1 x", "DELE 3", "FOO")) {
            assertThat(ask(client, command)).as(command).startsWith("-ERR");
        }
        client.send("x".repeat(1 << 20));
        assertThat(client.line()).isEqualTo("-ERR Line too long");
    }

    @Test
    void endsSessionsWhenItIsDrainedButNotOneWithMarks() throws Exception {
        var idle = client(implicit);
        idle.line();
        var marking = loggedIn();
        ask(marking, "DELE 1");
        var drained = new Thread(() -> implicit.drain(Duration.ofSeconds(20)));
        drained.start();

        assertThat(idle.rest()).isEqualTo("-ERR [SYS/TEMP] Server is going down\r\n");
        assertThat(ask(marking, "QUIT")).startsWith("+OK");

        drained.join(20_000);
        assertThat(drained.isAlive()).isFalse();
    }

    @Test
    void givesNewSessionsTheReloadedCertificate() throws Exception {
        certificate.renew("other");

        tls.reload();

        assertThat(client(implicit)
                        .serverCertificate()
                        .getSubjectX500Principal()
                        .getName())
                .isEqualTo("CN=other");
    }

    @Test
    void takesTheClientFromThePreface() throws Exception {
        var client = client(listener(TlsMode.STARTTLS, List.of(Network.parse("127.0.0.0/8"))));

        client.send("PROXY TCP4 192.0.2.7 192.0.2.8 4711 110\r\n");

        assertThat(client.line()).startsWith("+OK");
    }

    private static List<String> capabilities(LineClient client) throws IOException {
        return client.send("CAPA\r\n").linesUntil("."::equals);
    }

    private static String ask(LineClient client, String command) throws IOException {
        return client.send(command + "\r\n").line();
    }

    private LineClient loggedIn() throws Exception {
        var client = client(implicit);
        client.line();
        login(client);
        return client;
    }

    private static void login(LineClient client) throws IOException {
        assertThat(ask(client, "USER " + MemoryMail.USER)).startsWith("+OK");
        assertThat(ask(client, "PASS " + MemoryMail.PASSWORD)).startsWith("+OK");
    }

    private LineClient client(BoundListener listener) throws Exception {
        var client = new LineClient(listener.address());
        clients.add(client);
        return listener == implicit ? client.startTls() : client;
    }

    private BoundListener listener(TlsMode mode, List<Network> proxyFrom) throws Exception {
        var options = new ListenerOptions(
                "pop3",
                InetAddress.getLoopbackAddress(),
                0,
                mode,
                proxyFrom,
                "mx.example.org",
                new ListenerLimits(100, 50, Duration.ofMinutes(10), 25 << 20));
        return new RelaisPop3Server(options, tls, transport, new InboxMaildrops(mail.mailboxes()), locks).start();
    }
}
