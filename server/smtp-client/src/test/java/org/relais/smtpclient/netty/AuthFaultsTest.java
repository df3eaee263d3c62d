package org.relais.smtpclient.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.relais.smtpclient.netty.Fault.fault;
import static org.relais.smtpclient.netty.Fault.unavailable;
import static org.relais.testkit.smtp.Answer.reply;
import static org.relais.testkit.smtp.ScriptedSmtpServer.scriptedServer;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.relais.smtpclient.Credentials;
import org.relais.smtpclient.Protocol;
import org.relais.smtpclient.TlsPolicy;
import org.relais.smtpclient.TlsPolicy.Level;
import org.relais.smtpclient.TransactionResult;
import org.relais.smtpclient.TransactionResult.Cause;
import org.relais.testkit.smtp.Answer;
import org.relais.testkit.smtp.ScriptedSmtpServer;
import org.relais.testkit.smtp.Stage;

/** Remote behaviours in AUTH (RFC 4954). */
class AuthFaultsTest extends RemoteTest {
    private static final TlsPolicy NO_TLS = new TlsPolicy(Level.NONE, false, "the test");

    private static final List<Fault> FAULTS = List.of(
            fault("is unavailable at 535 to AUTH", Stage.AUTH, reply("535 5.7.8 no"), unavailable(Cause.AUTH)),
            fault("is unavailable at 454 to AUTH", Stage.AUTH, reply("454 4.7.0 later"), unavailable(Cause.AUTH)),
            fault("is unavailable at 421 to AUTH", Stage.AUTH, reply("421 4.3.2 closing"), unavailable(Cause.AUTH)),
            fault("is unavailable where AUTH PLAIN is prompted", Stage.AUTH, reply("334 "), unavailable(Cause.AUTH)),
            fault("is unavailable where AUTH closes", Stage.AUTH, Answer.close(), unavailable(Cause.AUTH)),
            fault("is unavailable at nonsense to AUTH", Stage.AUTH, reply("hello?"), unavailable(Cause.AUTH)));

    private TransactionResult sendAs(String user, String password, TlsPolicy tls, ScriptedSmtpServer server) {
        return send(at(server.port(), Protocol.SMTP, tls, new Credentials(user, password)), mail());
    }

    @ParameterizedTest(name = "{0}")
    @FieldSource("FAULTS")
    void leadsTo(Fault fault) throws Exception {
        var server = start(scriptedServer().knows("u", "p").on(fault.stage(), fault.answer()));

        var result = sendAs("u", "p", NO_TLS, server);

        fault.outcome().accept(result);
    }

    @Test
    void isUnavailableWhereAuthIsNotAnswered() throws Exception {
        use(settings(SHORT));
        var server = start(scriptedServer().knows("u", "p").on(Stage.AUTH, Answer.silence()));

        var result = sendAs("u", "p", NO_TLS, server);

        assertUnavailable(result, Cause.AUTH);
    }

    @Test
    void authenticatesUnderTls() throws Exception {
        var server = start(scriptedServer().offersStartTls().knows("u", "p"));

        var result = sendAs("u", "p", TlsPolicy.OPPORTUNISTIC, server);

        assertReplies(result, 250);
        assertThat(server.mails().get(0).user()).contains("u");
    }

    @Test
    void authenticatesByLoginWherePlainIsNotOffered() throws Exception {
        var server = start(scriptedServer().knows("u", "p").on(Stage.EHLO, "250-scripted.test", "250 AUTH LOGIN"));

        assertReplies(sendAs("u", "p", NO_TLS, server), 250);
        assertUnavailable(sendAs("u", "x", NO_TLS, server), Cause.AUTH);

        assertThat(server.mails().get(0).user()).contains("u");
        assertThat(server.transcript()).contains("AUTH LOGIN");
    }

    @Test
    void isUnavailableWithTheWrongPassword() throws Exception {
        var server = start(scriptedServer().offersStartTls().knows("u", "p"));

        var result = sendAs("u", "x", TlsPolicy.OPPORTUNISTIC, server);

        assertUnavailable(result, Cause.AUTH);
    }

    @Test
    void sendsNoCredentialsInTheClear() throws Exception {
        var server = start(scriptedServer().knows("u", "p"));

        var result = sendAs("u", "p", TlsPolicy.OPPORTUNISTIC, server);

        assertUnavailable(result, Cause.TLS);
        assertThat(server.transcript()).noneMatch(line -> line.startsWith("AUTH"));
    }

    @Test
    void isUnavailableWhereAuthIsNotOffered() throws Exception {
        var server = start(scriptedServer().offersStartTls());

        var result = sendAs("u", "p", TlsPolicy.OPPORTUNISTIC, server);

        assertUnavailable(result, Cause.AUTH);
    }
}
