package org.relais.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.relais.testkit.dialogue.SmtpDialogue;
import org.relais.testkit.server.ChildProcess;
import org.relais.testkit.server.RelaisInstance;
import org.relais.testkit.server.TestHome;

/** Relays that others wrote, ahead of Relais and behind it. A missing program is said loudly and skips its test. */
@Timeout(120)
@Tag("interop")
@ExtendWith(SharedSite.class)
class HopsTest {
    private static final String CAROL = "carol@" + OtherServer.DOMAIN;
    private static final String PASSWORD = "a-long-enough-password";

    @TempDir
    Path folder;

    private static byte[] mail(String subject) {
        return ("From: <alice@client.test>\r\nSubject: " + subject + "\r\n\r\n.Hello.\r\nCarol: caf\u00e9\r\n")
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    private static void send(int port, String reversePath, byte[] content) {
        try (var smtp = SmtpDialogue.greeted(port).withPatience(Site.SOON)) {
            smtp.submit(reversePath, CAROL, content);
            smtp.quit();
        }
    }

    private static void assertContent(String delivered, String subject) {
        assertThat(delivered)
                .contains("Subject: " + subject)
                .contains("Received: ")
                .contains("\n.Hello.")
                .contains("Carol: caf\u00e9");
    }

    @Test
    void postfixIsANextHop() throws IOException {
        Path home = folder.resolve("home");
        try (var postfix = OtherServer.postfix(
                        Files.createDirectory(folder.resolve("postfix")), OtherServer.INTO_A_MAILBOX);
                var relais = RelaisInstance.start(TestHome.in(home)
                        .smartHost("127.0.0.1:" + postfix.port())
                        .relayFrom("127.0.0.0/8")
                        .create())) {
            send(relais.ports().smtp(), "alice@client.test", mail("to Postfix"));

            assertContent(postfix.awaitMail("Subject: to Postfix"), "to Postfix");
        }
    }

    @Test
    void eximIsANextHopUnderTlsWithALogin() throws IOException {
        Path credentials = Files.writeString(folder.resolve("credentials"), "relay\n" + PASSWORD + "\n");
        Files.setPosixFilePermissions(credentials, PosixFilePermissions.fromString("rw-------"));
        try (var exim = OtherServer.exim(Files.createDirectory(folder.resolve("exim")), PASSWORD);
                var relais = RelaisInstance.start(TestHome.in(folder.resolve("home"))
                        .relayFrom("127.0.0.0/8")
                        .with("<routes><route to=\"*\" via=\"smtp://127.0.0.1:" + exim.port()
                                + "\" tls=\"required\" credentials=\"" + credentials + "\"/></routes>")
                        .create())) {
            send(relais.ports().smtp(), "alice@client.test", mail("to Exim"));

            assertContent(exim.awaitMail("Subject: to Exim"), "to Exim");
            assertThat(exim.log()).contains("A=plain:relay").contains("X=TLS1.");
        }
    }

    @Test
    void dovecotIsANextHopByLmtp() throws IOException {
        try (var dovecot = OtherServer.dovecotLmtp(Files.createDirectory(folder.resolve("dovecot")));
                var relais = RelaisInstance.start(TestHome.in(folder.resolve("home"))
                        .relayFrom("127.0.0.0/8")
                        .with("<routes><route to=\"" + OtherServer.DOMAIN + "\" via=\"lmtp://127.0.0.1:"
                                + dovecot.port() + "\"/></routes>")
                        .create())) {
            send(relais.ports().smtp(), "alice@client.test", mail("to Dovecot"));

            assertContent(dovecot.awaitMail("Subject: to Dovecot"), "to Dovecot");
        }
    }

    @Test
    void postfixIsAPreviousHopUnderTlsWithALogin(Site site) throws IOException {
        var bob = site.user();
        int before = site.sink().mailCount();
        String submission = "[127.0.0.1]:" + site.ports().submission();
        String client = """
                relayhost = %1$s
                smtp_tls_security_level = encrypt
                smtp_sasl_auth_enable = yes
                smtp_sasl_security_options = noanonymous
                smtp_sasl_password_maps = inline:{ { %1$s = %2$s:%3$s } }
                """.formatted(submission, bob.address(), bob.password());
        try (var postfix = OtherServer.postfix(Files.createDirectory(folder.resolve("postfix")), client)) {
            send(postfix.port(), bob.address(), mail("from Postfix"));

            postfix.awaitLog("status=sent");
            var arrived = site.sink().awaitMails(before + 1, Site.SOON).get(before);
            assertContent(arrived.text(), "from Postfix");
            assertThat(arrived.reversePath()).isEqualTo(bob.address());
            assertThat(arrived.text()).containsPattern("with (UTF8)?E?SMTPSA");
        }
    }

    @Test
    void swaksIsAPreviousHopUnderTlsWithALogin(Site site) {
        var bob = site.user();
        int before = site.sink().mailCount();
        String swaks = Programs.require("swaks", "SWAKS").toString();

        List<String> words = List.of(
                swaks,
                "--server",
                "127.0.0.1:" + site.ports().submission(),
                "--tls",
                "--auth",
                "PLAIN",
                "--auth-user",
                bob.address(),
                "--auth-password",
                bob.password(),
                "--from",
                bob.address(),
                "--to",
                CAROL,
                "--header",
                "Subject: from swaks");
        try (var child = ChildProcess.start(words, "", Map.of("HOME", folder.toString(), "LC_ALL", "C.UTF-8"))) {
            assertThat(child.awaitExit(Site.SOON))
                    .as(String.join("\n", child.output()))
                    .isZero();
        }

        var arrived = site.sink().awaitMails(before + 1, Site.SOON).get(before);
        assertThat(arrived.text()).contains("Subject: from swaks");
        assertThat(arrived.forwardPaths()).containsExactly(CAROL);
    }
}
