package org.relais.smtpclient.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.relais.testkit.smtp.ScriptedSmtpServer.scriptedServer;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.relais.testkit.smtp.Answer;
import org.relais.testkit.smtp.ReceivedMail;
import org.relais.testkit.smtp.ScriptedSmtpServer;
import org.relais.testkit.smtp.Stage;

/** LIMITS (RFC 9422): one send makes as many transactions as the server asks for. */
class LimitsTest extends RemoteTest {

    private static List<List<String>> recipients(ScriptedSmtpServer server) {
        return server.mails().stream().map(ReceivedMail::forwardPaths).toList();
    }

    @Test
    void namesNoMoreRecipientsAtOnceThanRcptmaxAllows() throws Exception {
        var server = start(scriptedServer().announces("PIPELINING", "LIMITS RCPTMAX=2"));

        assertReplies(
                send(to(server), mail("a@x.test", "b@x.test", "c@x.test", "d@x.test", "e@x.test")),
                250,
                250,
                250,
                250,
                250);

        assertThat(recipients(server))
                .containsExactly(List.of("a@x.test", "b@x.test"), List.of("c@x.test", "d@x.test"), List.of("e@x.test"));
        assertThat(server.connections()).isEqualTo(1);
    }

    @Test
    void namesNoMoreDomainsAtOnceThanRcptdomainmaxAllows() throws Exception {
        var server = start(scriptedServer().announces("CHUNKING", "LIMITS RCPTDOMAINMAX=1"));

        assertReplies(send(to(server), mail("a@x.test", "b@X.test", "c@y.test", "d@x.test")), 250, 250, 250, 250);

        assertThat(recipients(server))
                .containsExactly(List.of("a@x.test", "b@X.test"), List.of("c@y.test"), List.of("d@x.test"));
    }

    @Test
    void keepsTheRepliesOfEveryTransactionInTheirOrder() throws Exception {
        var server = start(scriptedServer()
                .announces("PIPELINING", "LIMITS RCPTMAX=2")
                .onRecipient("b@x.test", Answer.reply("550 no"))
                .on(Stage.CONTENT, Answer.reply("250 a"), Answer.reply("451 c"), Answer.reply("250 e")));

        assertReplies(
                send(to(server), mail("a@x.test", "b@x.test", "c@x.test", "d@x.test", "e@x.test")),
                250,
                550,
                451,
                451,
                250);
    }

    @Test
    void goesOnOverAnotherConnectionWhereMailmaxIsReached() throws Exception {
        var server = start(scriptedServer().announces("PIPELINING", "LIMITS MAILMAX=1 RCPTMAX=1"));

        assertReplies(send(to(server), mail("a@x.test", "b@x.test", "c@x.test")), 250, 250, 250);

        assertThat(server.connections()).isEqualTo(3);
        awaitQuits(server, 3);
    }

    @Test
    void passesOn421ToThoseWhoWereNotNamed() throws Exception {
        var server = start(scriptedServer()
                .announces("PIPELINING", "LIMITS RCPTMAX=1")
                .on(Stage.CONTENT, Answer.reply("250 a"), Answer.reply("421 closing")));

        assertReplies(send(to(server), mail("a@x.test", "b@x.test", "c@x.test")), 250, 421, 421);

        assertThat(server.connections()).isEqualTo(1);
    }

    @Test
    void keepsWhatWasAnsweredBeforeTheConnectionWasLost() throws Exception {
        var server = start(scriptedServer()
                .announces("PIPELINING", "LIMITS RCPTMAX=1")
                .on(Stage.CONTENT, Answer.reply("250 a"), Answer.close()));

        var result = send(to(server), mail("a@x.test", "b@x.test", "c@x.test"));

        assertInterrupted(result, true);
        assertThat(codesSoFar(result)).containsExactly(250, 0, 0);
    }

    @Test
    void keepsWhatWasAnsweredWhereNoOtherConnectionIsToBeHad() throws Exception {
        var server = start(scriptedServer()
                .announces("PIPELINING", "LIMITS MAILMAX=1 RCPTMAX=1")
                .on(Stage.CONNECT, Answer.reply("220 hello"), Answer.reply("554 enough")));

        var result = send(to(server), mail("a@x.test", "b@x.test"));

        assertInterrupted(result, false);
        assertThat(codesSoFar(result)).containsExactly(250, 0);
    }
}
