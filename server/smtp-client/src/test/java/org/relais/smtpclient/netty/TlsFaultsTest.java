package org.relais.smtpclient.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.relais.testkit.smtp.ScriptedSmtpServer.scriptedServer;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.relais.smtpclient.Credentials;
import org.relais.smtpclient.Protocol;
import org.relais.smtpclient.TlsPolicy;
import org.relais.smtpclient.TlsPolicy.Level;
import org.relais.smtpclient.TransactionResult.Cause;
import org.relais.testkit.smtp.Answer;
import org.relais.testkit.smtp.Stage;
import org.relais.testkit.wire.Deadline;
import org.relais.testkit.wire.TestCertificate;
import org.relais.testkit.wire.Wire;

/** Remote behaviours in TLS and AUTH, one test each. */
class TlsFaultsTest extends RemoteTest {

    @Test
    void takesASelfSignedCertificateAndSaysSo() throws Exception {
        var result = send(scriptedServer().offersStartTls());
        assertReplies(result, 250);
        assertThat(result.session().text()).contains("TLSv1.3").contains("not verified (self-signed)");
    }

    @Test
    void verifiesATrustedCertificateThatNamesTheHost() throws Exception {
        var certificate = TestCertificate.forHost("scripted.test");
        trust(certificate);
        var result = send(to(start(scriptedServer().offersStartTls(certificate)), Level.VERIFIED), mail());
        assertReplies(result, 250);
        assertThat(result.session().isVerified()).isTrue();
    }

    @Test
    void knowsTheVerdictInAResumedSession() throws Exception {
        var certificate = TestCertificate.forHost("scripted.test");
        trust(certificate);
        var server = start(scriptedServer()
                .offersStartTls(certificate)
                .on(Stage.CONTENT, Answer.reply("250 ok").thenCloses()));

        var first = send(to(server, Level.VERIFIED), mail());
        var second = send(to(server, Level.VERIFIED), mail());

        assertReplies(first, 250);
        assertReplies(second, 250);
        assertThat(server.connections()).isEqualTo(2);
        assertThat(certificate.timesShown()).as("handshakes in full").isEqualTo(1);
        assertThat(second.session().isVerified()).isTrue();
    }

    @Test
    void knowsInAResumedSessionThatItIsNotVerified() throws Exception {
        var certificate = TestCertificate.forHost("other.test");
        trust(certificate);
        var server = start(scriptedServer()
                .offersStartTls(certificate)
                .on(Stage.CONTENT, Answer.reply("250 ok").thenCloses()));

        assertReplies(send(to(server), mail()), 250);
        assertReplies(send(to(server), mail()), 250);
        var refused = send(to(server, Level.VERIFIED), mail());

        assertThat(certificate.timesShown()).as("handshakes in full").isEqualTo(1);
        assertUnavailable(refused, Cause.TLS);
        assertThat(refused.session().why()).contains("names other.test");
    }

    @Test
    void refusesACertificateOfAnotherName() throws Exception {
        var certificate = TestCertificate.forHost("other.test");
        trust(certificate);
        var result = send(to(start(scriptedServer().offersStartTls(certificate)), Level.VERIFIED), mail());
        assertUnavailable(result, Cause.TLS);
        assertThat(result.session().why()).contains("names other.test");
    }

    @Test
    void refusesAnExpiredCertificate() throws Exception {
        var certificate = TestCertificate.forHost("scripted.test", Duration.ofDays(-1), InstantSource.system());
        trust(certificate);
        var result = send(to(start(scriptedServer().offersStartTls(certificate)), Level.VERIFIED), mail());
        assertUnavailable(result, Cause.TLS);
        assertThat(result.session().why()).isEqualTo("expired");
    }

    @Test
    void refusesAnUnknownAuthority() throws Exception {
        trust(TestCertificate.forHost("scripted.test"));
        var server = start(scriptedServer().offersStartTls(TestCertificate.byAnAuthority("scripted.test")));

        var result = send(to(server, Level.VERIFIED), mail());

        assertUnavailable(result, Cause.TLS);
        assertThat(result.session().why()).isEqualTo("unknown authority");
    }

    @Test
    void takesAnUnknownAuthorityWhereAnyWillDo() throws Exception {
        var server = start(scriptedServer().offersStartTls(TestCertificate.byAnAuthority("scripted.test")));

        var result = send(to(server), mail());

        assertReplies(result, 250);
        assertThat(result.session().text()).contains("not verified (unknown authority)");
    }

    @Test
    void takesAnyCertificateWhereTlsIsRequired() throws Exception {
        assertReplies(send(to(start(scriptedServer().offersStartTls()), Level.REQUIRED), mail()), 250);
    }

    @Test
    void waitsWhereRequiredTlsIsNotOffered() throws Exception {
        assertUnavailable(send(to(start(scriptedServer()), Level.REQUIRED), mail()), Cause.TLS);
    }

    @Test
    void goesOnInTheClearWhereStarttlsIsRefused() throws Exception {
        var result = send(scriptedServer().offersStartTls().on(Stage.STARTTLS, "454 4.7.0 not now"));
        assertReplies(result, 250);
        assertThat(result.session().why()).contains("454");
    }

    @Test
    void waitsWhereRequiredStarttlsIsRefused() throws Exception {
        assertUnavailable(
                send(
                        to(
                                start(scriptedServer().offersStartTls().on(Stage.STARTTLS, "454 4.7.0 not now")),
                                Level.REQUIRED),
                        mail()),
                Cause.TLS);
    }

    @Test
    void comesBackInTheClearWhereTheHandshakeBreaks() throws Exception {
        var server = start(scriptedServer().announces("STARTTLS").on(Stage.STARTTLS, "220 go", "not TLS at all"));
        assertReplies(send(to(server), mail()), 250);
        assertThat(server.connections()).isEqualTo(2);
    }

    @Test
    void comesBackInTheClearWhereTheClientHelloIsAnsweredWithRubbish() throws Exception {
        List<String> said = new CopyOnWriteArrayList<>();
        var server = listen((wire, number) -> answersTheClientHelloWithRubbish(wire, said));

        var result = send(at(server.address().getPort(), Protocol.SMTP, TlsPolicy.OPPORTUNISTIC, null), mail());

        assertReplies(result, 250);
        assertThat(result.session().tls()).isEqualTo("none");
        assertThat(result.session().why()).startsWith("STARTTLS failed");
        assertThat(said).containsOnlyOnce("STARTTLS");
        assertThat(server.connections()).isEqualTo(2);
    }

    @Test
    void waitsWhereTheClientHelloIsAnsweredWithRubbishAndTlsIsRequired() throws Exception {
        var server = listen((wire, number) -> answersTheClientHelloWithRubbish(wire, new ArrayList<>()));

        var required = new TlsPolicy(Level.REQUIRED, false, "the test");

        assertUnavailable(send(at(server.address().getPort(), Protocol.SMTP, required, null), mail()), Cause.TLS);
        assertThat(server.connections()).isEqualTo(1);
    }

    private static void answersTheClientHelloWithRubbish(Wire wire, List<String> said) throws IOException {
        wire.write("220 scripted.test\r\n".getBytes(StandardCharsets.US_ASCII));
        while (true) {
            Optional<String> line = wire.readLine(1000, Deadline.in(LONG));
            if (line.isEmpty()) {
                return;
            }
            said.add(line.get());
            String reply = switch (line.get().split(" ", 2)[0]) {
                case "EHLO" -> "250-scripted.test\r\n250 STARTTLS\r\n";
                case "DATA" -> "354 go\r\n";
                case "STARTTLS" -> "220 go\r\n";
                case "MAIL", "RCPT", "." -> "250 ok\r\n";
                default -> "";
            };
            wire.write(reply.getBytes(StandardCharsets.US_ASCII));
            if (line.get().equals("STARTTLS")) {
                int type = wire.read(Deadline.in(LONG), "the ClientHello");
                assertThat(type).isEqualTo(22); // handshake (RFC 8446 §5.1)
                wire.write(new byte[] {0x42, 0, (byte) 0xff, 7, 7, 7, 7, 7});
            }
        }
    }

    @Test
    void comesBackInTheClearWhereMoreIsSaidBehindStarttls() throws Exception {
        var server = start(scriptedServer().announces("STARTTLS").on(Stage.STARTTLS, "220 go", "250 injected"));
        var result = send(to(server), mail());
        assertReplies(result, 250);
        assertThat(result.session().why()).contains("behind the reply to STARTTLS");
    }

    @Test
    void waitsWhereARequiredHandshakeBreaks() throws Exception {
        var server = start(scriptedServer()
                .announces("STARTTLS")
                .on(Stage.STARTTLS, Answer.reply("220 go").thenCloses()));
        assertUnavailable(send(to(server, Level.REQUIRED), mail()), Cause.TLS);
    }

    @Test
    void takesNoTlsWhereNoneIsWanted() throws Exception {
        var server = start(scriptedServer().offersStartTls());
        assertThat(send(to(server, Level.NONE), mail()).session().tls()).isEqualTo("none");
    }

    @Test
    void speaksTlsFromTheFirstOctet() throws Exception {
        var server = start(scriptedServer().speaksImplicitTls());
        var result = send(at(server.port(), Protocol.SMTP, new TlsPolicy(Level.REQUIRED, true, "test"), null), mail());
        assertReplies(result, 250);
    }

    @Test
    void authenticatesUnderTls() throws Exception {
        var server = start(scriptedServer().offersStartTls().knows("u", "p"));
        assertReplies(
                send(at(server.port(), Protocol.SMTP, TlsPolicy.OPPORTUNISTIC, new Credentials("u", "p")), mail()),
                250);
        assertThat(server.mails().get(0).user()).contains("u");
    }

    @Test
    void authenticatesByLoginWherePlainIsNotOffered() throws Exception {
        var server = start(scriptedServer().knows("u", "p").on(Stage.EHLO, "250-scripted.test", "250 AUTH LOGIN"));
        var clear = new TlsPolicy(Level.NONE, false, "the test");

        assertReplies(send(at(server.port(), Protocol.SMTP, clear, new Credentials("u", "p")), mail()), 250);
        assertUnavailable(send(at(server.port(), Protocol.SMTP, clear, new Credentials("u", "x")), mail()), Cause.AUTH);

        assertThat(server.mails().get(0).user()).contains("u");
        assertThat(server.transcript()).contains("AUTH LOGIN");
    }

    @Test
    void isUnavailableWithTheWrongPassword() throws Exception {
        var server = start(scriptedServer().offersStartTls().knows("u", "p"));
        assertUnavailable(
                send(at(server.port(), Protocol.SMTP, TlsPolicy.OPPORTUNISTIC, new Credentials("u", "x")), mail()),
                Cause.AUTH);
    }

    @Test
    void sendsNoCredentialsInTheClear() throws Exception {
        var server = start(scriptedServer().knows("u", "p"));
        assertUnavailable(
                send(at(server.port(), Protocol.SMTP, TlsPolicy.OPPORTUNISTIC, new Credentials("u", "p")), mail()),
                Cause.TLS);
        assertThat(server.transcript()).noneMatch(line -> line.startsWith("AUTH"));
    }

    @Test
    void isUnavailableWhereAuthIsNotOffered() throws Exception {
        var server = start(scriptedServer().offersStartTls());
        assertUnavailable(
                send(at(server.port(), Protocol.SMTP, TlsPolicy.OPPORTUNISTIC, new Credentials("u", "p")), mail()),
                Cause.AUTH);
    }
}
