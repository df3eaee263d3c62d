package org.relais.testkit.dialogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.relais.testkit.wire.Deadline;
import org.relais.testkit.wire.LoopbackServer;
import org.relais.testkit.wire.TestCertificate;
import org.relais.testkit.wire.Wire;

/** The clients against a server that answers each line from a fixed text. */
@Timeout(60)
class DialogueTest {
    private static final TestCertificate CERTIFICATE = TestCertificate.forHost("dialogue.test");

    /** Says the first part, and one more part for each line it reads; a part {@code TLS} is a handshake. */
    private static LoopbackServer saying(String... parts) throws IOException {
        return new LoopbackServer("saying", new InetSocketAddress("127.0.0.1", 0), 4, (wire, number) -> {
            for (int i = 0; i < parts.length; i++) {
                if (i > 0 && read(wire).isEmpty()) {
                    return;
                }
                String part = parts[i];
                boolean tls = part.endsWith("TLS");
                wire.write(part.substring(0, part.length() - (tls ? 3 : 0)).getBytes(StandardCharsets.ISO_8859_1));
                if (tls) {
                    wire.startTlsAsServer(CERTIFICATE.serverContext(), Deadline.in(Duration.ofSeconds(10)));
                }
            }
            read(wire);
        });
    }

    private static java.util.Optional<String> read(Wire wire) throws IOException {
        return wire.readLine(10_000, Deadline.in(Duration.ofSeconds(20)));
    }

    @Test
    void imapReadsLiteralsAsOctetsWhateverTheyHold() throws IOException {
        try (var server = saying(
                        "* OK ready\r\n",
                        "* 1 FETCH (BODY[] {9}\r\na1 OK\r\n\0. FLAGS () X {2}\r\n\r\n)\r\n* 2 EXISTS\r\na1 OK done\r\n");
                var imap = ImapDialogue.connect(server.address().getPort())) {
            imap.expectLine("* OK");

            ImapReply reply = imap.ok("FETCH 1 BODY[]");

            assertThat(reply.untagged()).hasSize(2);
            assertThat(reply.untagged().get(0).literals())
                    .containsExactly("a1 OK\r\n\0.".getBytes(StandardCharsets.ISO_8859_1), new byte[] {'\r', '\n'});
            assertThat(reply.status()).isEqualTo("OK done");
        }
    }

    @Test
    void imapWaitsForAnUntaggedResponseInIdle() throws IOException {
        try (var server = saying("* OK ready\r\n", "+ idling\r\n* 3 FETCH (FLAGS ())\r\n* 4 EXISTS\r\n", "a1 OK\r\n");
                var imap = ImapDialogue.connect(server.address().getPort())) {
            imap.expectLine("* OK");
            String tag = imap.idle();

            assertThat(imap.await("EXISTS", l -> l.endsWith("EXISTS")).text()).isEqualTo("* 4 EXISTS");
            assertThat(imap.done(tag).isOk()).isTrue();
        }
    }

    @Test
    void pop3UnstuffsDotsInContentsAndLists() throws IOException {
        try (var server = saying(
                        "+OK hi\r\n",
                        "+OK\r\nUSER\r\n..odd\r\n.\r\n",
                        "+OK\r\n..\r\na\nb\r\n...\r\n\r\n.\r\n",
                        "+OK\r\n");
                var pop3 = Pop3Dialogue.connect(server.address().getPort())) {
            pop3.expectLine("+OK");

            assertThat(pop3.list("CAPA")).containsExactly("USER", ".odd");
            assertThat(new String(pop3.retrieve(1), StandardCharsets.ISO_8859_1))
                    .isEqualTo(".\r\na\nb\r\n..\r\n\r\n");
        }
    }

    @Test
    void manageSieveReadsCapabilitiesAgainBehindStartTls() throws IOException {
        try (var server = saying(
                        "\"SIEVE\" \"fileinto\"\r\n\"STARTTLS\"\r\nOK\r\n",
                        "OK go\r\nTLS",
                        "\"SASL\" \"PLAIN\"\r\nOK \"\"\r\n");
                var sieve = ManageSieveDialogue.connect(server.address().getPort())) {
            assertThat(sieve.expectOk()).contains("\"STARTTLS\"");
            sieve.ok("STARTTLS");
            sieve.handshake();

            assertThat(sieve.ok("CAPABILITY")).containsExactly("\"SASL\" \"PLAIN\"");
            assertThat(sieve.tlsSession()).isPresent();
        }
    }

    @Test
    void aReadThatWaitsInVainShowsTheDialogue() throws IOException {
        try (var server = saying("220 hi\r\n");
                var smtp = SmtpDialogue.connect(server.address().getPort())) {
            smtp.expect("220");
            smtp.withPatience(Duration.ofMillis(50));

            assertThatThrownBy(smtp::reply)
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("waited in vain")
                    .hasMessageContaining("S: 220 hi");
        }
    }

    @Test
    void aReplyOfOneKindThatIsAnotherShowsTheDialogue() throws IOException {
        try (var server = saying("220 hi\r\n", "550 5.7.1 no\r\n");
                var smtp = SmtpDialogue.connect(server.address().getPort())) {
            smtp.expect("220");

            assertThatThrownBy(() -> smtp.ask("MAIL FROM:<>", "250"))
                    .hasMessageContaining("expected 250 but got 550 5.7.1 no")
                    .hasMessageContaining("C: MAIL FROM:<>");
        }
    }

    @Test
    void sendsByteWiseAndImplicitTlsWorks() throws IOException {
        try (var server = new LoopbackServer("tls", new InetSocketAddress("127.0.0.1", 0), 2, (wire, number) -> {
                    wire.startTlsAsServer(CERTIFICATE.serverContext(), Deadline.in(Duration.ofSeconds(10)));
                    String line = read(wire).orElse("");
                    wire.write(("250 " + line + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
                });
                var smtp = SmtpDialogue.connectTls(server.address().getPort())) {
            smtp.sendByteWise("NOOP really");

            smtp.expect("250 NOOP really");
            assertThat(smtp.tlsSession().orElseThrow().getPeerCertificates()[0]).isEqualTo(CERTIFICATE.certificate());
        }
    }
}
