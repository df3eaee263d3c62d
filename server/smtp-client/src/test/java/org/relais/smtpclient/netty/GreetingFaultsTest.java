package org.relais.smtpclient.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.relais.testkit.smtp.ScriptedSmtpServer.scriptedServer;

import java.net.ServerSocket;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.relais.smtpclient.Protocol;
import org.relais.smtpclient.TlsPolicy;
import org.relais.smtpclient.TransactionResult;
import org.relais.smtpclient.TransactionResult.Cause;
import org.relais.testkit.smtp.Answer;
import org.relais.testkit.smtp.Stage;

/** Remote behaviours from the connection to EHLO, one test each. */
class GreetingFaultsTest extends RemoteTest {

    @Test
    void isUnavailableWhereNobodyListens() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        assertUnavailable(send(at(port, Protocol.SMTP, TlsPolicy.OPPORTUNISTIC, null), mail()), Cause.CONNECT);
    }

    @Test
    void isUnavailableAt421InTheGreeting() throws Exception {
        assertUnavailable(send(scriptedServer().greets("421 4.3.2 closing")), Cause.GREETING);
    }

    @Test
    void isUnavailableAt554InTheGreeting() throws Exception {
        assertUnavailable(send(scriptedServer().greets("554 5.7.1 go away")), Cause.GREETING);
    }

    @Test
    void isUnavailableAt450InTheGreeting() throws Exception {
        assertUnavailable(send(scriptedServer().greets("450 4.7.1 later")), Cause.GREETING);
    }

    @Test
    void takesAGreetingOfSeveralLines() throws Exception {
        assertReplies(send(scriptedServer().greets("220-one", "220-two", "220 three")), 250);
    }

    @Test
    void takesAGreetingByteByByte() throws Exception {
        assertReplies(
                send(scriptedServer().on(Stage.CONNECT, Answer.reply("220 slow").byteWise())), 250);
    }

    @Test
    void isUnavailableWhereTheGreetingIsNotSmtp() throws Exception {
        assertUnavailable(send(scriptedServer().greets("SSH-2.0-OpenSSH_9.2")), Cause.GREETING);
    }

    @Test
    void isUnavailableWhereTheGreetingIsBinary() throws Exception {
        assertUnavailable(send(scriptedServer().greets("\u0000\u00ff\u0001\u0002")), Cause.GREETING);
    }

    @Test
    void isUnavailableWhereTheGreetingHasTwoCodes() throws Exception {
        assertUnavailable(send(scriptedServer().greets("220-one", "421 two")), Cause.GREETING);
    }

    @Test
    void isUnavailableWhereTheGreetingLineIsEndless() throws Exception {
        assertUnavailable(send(scriptedServer().greets("220 " + "x".repeat(100_000))), Cause.GREETING);
    }

    @Test
    void isUnavailableWhereTheGreetingHasEndlessLines() throws Exception {
        assertUnavailable(
                send(scriptedServer()
                        .greets(IntStream.range(0, 500).mapToObj(i -> "220-x").toArray(String[]::new))),
                Cause.GREETING);
    }

    @Test
    void isUnavailableWhereTheServerClosesAtOnce() throws Exception {
        assertUnavailable(send(scriptedServer().on(Stage.CONNECT, Answer.close())), Cause.GREETING);
    }

    @Test
    void isUnavailableWhereTheServerResetsAtOnce() throws Exception {
        var result = send(scriptedServer().on(Stage.CONNECT, Answer.reset()));
        // The reset may come before the client has seen that it is connected.
        assertThat(((TransactionResult.Unavailable) result).cause()).isIn(Cause.CONNECT, Cause.GREETING);
    }

    @Test
    void isUnavailableWhereNoGreetingComes() throws Exception {
        use(settings(SHORT));
        assertUnavailable(send(scriptedServer().on(Stage.CONNECT, Answer.silence())), Cause.GREETING);
    }

    @Test
    void saysHeloWhereEhloIsRefused() throws Exception {
        assertReplies(send(scriptedServer().on(Stage.EHLO, "500 5.5.1 what?")), 250);
    }

    @Test
    void isUnavailableWhereHeloIsRefusedToo() throws Exception {
        assertUnavailable(send(scriptedServer().on(Stage.EHLO, "500 what?").on(Stage.HELO, "550 no")), Cause.GREETING);
    }

    @Test
    void isUnavailableWhereEhloIsDeferred() throws Exception {
        assertUnavailable(send(scriptedServer().on(Stage.EHLO, "451 4.3.0 later")), Cause.GREETING);
    }

    @Test
    void isUnavailableAt421ToEhlo() throws Exception {
        assertUnavailable(send(scriptedServer().on(Stage.EHLO, "421 4.3.2 closing")), Cause.GREETING);
    }

    @Test
    void isUnavailableWhereEhloClosesTheConnection() throws Exception {
        assertUnavailable(send(scriptedServer().on(Stage.EHLO, Answer.close())), Cause.GREETING);
    }

    @Test
    void isUnavailableWhereEhloIsNotAnswered() throws Exception {
        use(settings(SHORT));
        assertUnavailable(send(scriptedServer().on(Stage.EHLO, Answer.silence())), Cause.GREETING);
    }

    @Test
    void takesAnEhloReplyByteByByte() throws Exception {
        assertReplies(
                send(scriptedServer()
                        .on(
                                Stage.EHLO,
                                Answer.reply("250-a", "250-PIPELINING", "250 SIZE 1000")
                                        .byteWise())),
                250);
    }
}
