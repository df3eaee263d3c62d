package org.relais.smtpclient.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.relais.testkit.smtp.ScriptedSmtpServer.scriptedServer;

import java.time.Duration;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.relais.smtpclient.Credentials;
import org.relais.smtpclient.Protocol;
import org.relais.smtpclient.TlsPolicy;
import org.relais.smtpclient.TlsPolicy.Level;
import org.relais.smtpclient.TransactionResult.Cause;
import org.relais.testkit.smtp.Answer;
import org.relais.testkit.smtp.Stage;
import org.relais.testkit.wire.TestCertificate;

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
        assertReplies(send(to(server, Level.VERIFIED), mail()), 250);
        assertReplies(send(to(server, Level.VERIFIED), mail()), 250);
        assertThat(server.connections()).isEqualTo(2);
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
        assertUnavailable(send(to(start(scriptedServer().offersStartTls()), Level.VERIFIED), mail()), Cause.TLS);
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
