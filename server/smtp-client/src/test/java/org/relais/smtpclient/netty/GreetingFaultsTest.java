package org.relais.smtpclient.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.relais.smtpclient.netty.Fault.answered;
import static org.relais.smtpclient.netty.Fault.fault;
import static org.relais.smtpclient.netty.Fault.unavailable;
import static org.relais.testkit.smtp.Answer.reply;
import static org.relais.testkit.smtp.ScriptedSmtpServer.scriptedServer;

import java.net.ServerSocket;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.relais.smtpclient.Protocol;
import org.relais.smtpclient.TlsPolicy;
import org.relais.smtpclient.TransactionResult;
import org.relais.smtpclient.TransactionResult.Cause;
import org.relais.testkit.smtp.Answer;
import org.relais.testkit.smtp.Stage;

/** Remote behaviours from the connection to EHLO; see {@link ReplyFormsTest} too. */
class GreetingFaultsTest extends RemoteTest {

    private static final List<Fault> FAULTS = List.of(
            fault(
                    "is unavailable at 421 in the greeting",
                    Stage.CONNECT,
                    reply("421 4.3.2 closing"),
                    unavailable(Cause.GREETING)),
            fault(
                    "is unavailable at 450 in the greeting",
                    Stage.CONNECT,
                    reply("450 4.7.1 later"),
                    unavailable(Cause.GREETING)),
            fault(
                    "is unavailable at 554 in the greeting",
                    Stage.CONNECT,
                    reply("554 5.7.1 go away"),
                    unavailable(Cause.GREETING)),
            fault("says HELO where EHLO is refused", Stage.EHLO, reply("500 5.5.1 what?"), answered(250)),
            fault("is unavailable at 451 to EHLO", Stage.EHLO, reply("451 4.3.0 later"), unavailable(Cause.GREETING)),
            fault("is unavailable at 421 to EHLO", Stage.EHLO, reply("421 4.3.2 closing"), unavailable(Cause.GREETING)),
            fault(
                    "takes an EHLO reply octet by octet",
                    Stage.EHLO,
                    reply("250-a", "250-PIPELINING", "250 SIZE 1000").byteWise(),
                    answered(250)));

    @ParameterizedTest(name = "{0}")
    @FieldSource("FAULTS")
    void leadsTo(Fault fault) throws Exception {
        var result = send(scriptedServer().on(fault.stage(), fault.answer()));

        fault.outcome().accept(result);
    }

    @Test
    void isUnavailableWhereHeloIsRefusedToo() throws Exception {
        var server = start(scriptedServer().on(Stage.EHLO, "500 what?").on(Stage.HELO, "550 no"));

        var result = send(to(server), mail());

        assertUnavailable(result, Cause.GREETING);
    }

    @Test
    void isUnavailableWhereTheServerResetsAtOnce() throws Exception {
        var result = send(scriptedServer().on(Stage.CONNECT, Answer.reset()));

        // The reset may come before the client has seen that it is connected.
        assertThat(((TransactionResult.Unavailable) result).cause()).isIn(Cause.CONNECT, Cause.GREETING);
    }

    @Test
    void isUnavailableWhereNobodyListens() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }

        var result = send(at(port, Protocol.SMTP, TlsPolicy.OPPORTUNISTIC, null), mail());

        assertUnavailable(result, Cause.CONNECT);
    }
}
