package org.relais.smtpclient.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.relais.testkit.smtp.ScriptedSmtpServer.scriptedServer;

import java.time.Duration;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.relais.smtpclient.Protocol;
import org.relais.smtpclient.TlsPolicy;
import org.relais.smtpclient.TlsPolicy.Level;
import org.relais.smtpclient.TransactionResult.Cause;
import org.relais.testkit.smtp.Answer;
import org.relais.testkit.smtp.Stage;
import org.relais.testkit.wire.TestCertificate;

/** Certificates and TLS sessions; what goes wrong before them is in {@link StarttlsFaultsTest}. */
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
        var result = send(to(start(scriptedServer().offersStartTls()), Level.REQUIRED), mail());

        assertReplies(result, 250);
    }

    @Test
    void takesNoTlsWhereNoneIsWanted() throws Exception {
        var server = start(scriptedServer().offersStartTls());

        var result = send(to(server, Level.NONE), mail());

        assertThat(result.session().tls()).isEqualTo("none");
    }

    @Test
    void speaksTlsFromTheFirstOctet() throws Exception {
        var server = start(scriptedServer().speaksImplicitTls());
        var implicit = new TlsPolicy(Level.REQUIRED, true, "the test");

        var result = send(at(server.port(), Protocol.SMTP, implicit, null), mail());

        assertReplies(result, 250);
    }
}
