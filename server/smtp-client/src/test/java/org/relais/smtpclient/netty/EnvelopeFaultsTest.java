package org.relais.smtpclient.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.relais.smtpclient.netty.Fault.answered;
import static org.relais.smtpclient.netty.Fault.fault;
import static org.relais.smtpclient.netty.Fault.interrupted;
import static org.relais.smtpclient.netty.Fault.unavailable;
import static org.relais.testkit.smtp.Answer.reply;
import static org.relais.testkit.smtp.ScriptedSmtpServer.scriptedServer;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.relais.smtpclient.TransactionResult.Cause;
import org.relais.testkit.smtp.Answer;
import org.relais.testkit.smtp.SmtpScript;
import org.relais.testkit.smtp.Stage;

/** Remote behaviours from MAIL to DATA, each in lock-step and pipelined; see {@link ReplyFormsTest} too. */
class EnvelopeFaultsTest extends RemoteTest {

    private static final List<Fault> FAULTS = List.of(
            fault("passes on 550 to MAIL", Stage.MAIL, reply("550 5.7.1 no"), answered(550)),
            fault("passes on 451 to MAIL", Stage.MAIL, reply("451 4.3.0 later"), answered(451)),
            fault("is unavailable at 421 to MAIL", Stage.MAIL, reply("421 4.7.0 too many"), unavailable(Cause.CLOSED)),
            fault("is unavailable where MAIL closes", Stage.MAIL, Answer.close(), unavailable(Cause.CLOSED)),
            fault("is unavailable at no reply code to MAIL", Stage.MAIL, reply("hello?"), unavailable(Cause.CLOSED)),
            fault("passes on 550 to RCPT", Stage.RCPT, reply("550 5.1.1 unknown"), answered(550)),
            fault("passes on 450 to RCPT", Stage.RCPT, reply("450 4.2.0 greylisted"), answered(450)),
            fault("passes on 421 to RCPT", Stage.RCPT, reply("421 4.7.0 slow down"), answered(421)),
            fault(
                    "passes on a split reply of several lines to RCPT",
                    Stage.RCPT,
                    reply("550-5.1.1 un", "550 5.1.1 known").inPiecesOf(3),
                    answered(550)),
            fault("is interrupted where RCPT closes", Stage.RCPT, Answer.close(), interrupted()),
            fault("is interrupted at 354 to RCPT", Stage.RCPT, reply("354 go on"), interrupted()),
            fault("passes on 554 to DATA", Stage.DATA, reply("554 5.5.0 no"), answered(554)),
            fault("passes on 451 to DATA", Stage.DATA, reply("451 4.3.0 later"), answered(451)),
            fault("passes on 421 to DATA", Stage.DATA, reply("421 4.3.0 closing"), answered(421)),
            fault("is interrupted at 250 to DATA", Stage.DATA, reply("250 what?"), interrupted()),
            fault("is interrupted where DATA closes", Stage.DATA, Answer.close(), interrupted()));

    @ParameterizedTest(name = "{0}")
    @FieldSource("FAULTS")
    void leadsToInLockStep(Fault fault) throws Exception {
        var result = send(script(false).on(fault.stage(), fault.answer()));

        fault.outcome().accept(result);
    }

    @ParameterizedTest(name = "{0}, pipelined")
    @FieldSource("FAULTS")
    void leadsToPipelined(Fault fault) throws Exception {
        var result = send(script(true).on(fault.stage(), fault.answer()));

        fault.outcome().accept(result);
    }

    @ParameterizedTest(name = "fails one of three recipients, pipelined: {0}")
    @ValueSource(booleans = {false, true})
    void failsOneOfThreeRecipients(boolean isPipelined) throws Exception {
        var server = start(script(isPipelined).onRecipient("b@x.test", reply("550 5.1.1 no")));

        var result = send(to(server), mail("a@x.test", "b@x.test", "c@x.test"));

        assertReplies(result, 250, 550, 250);
        assertThat(server.mails().get(0).forwardPaths()).containsExactly("a@x.test", "c@x.test");
    }

    @ParameterizedTest(name = "sends no content to nobody, pipelined: {0}")
    @ValueSource(booleans = {false, true})
    void sendsNoContentToNobody(boolean isPipelined) throws Exception {
        var server = start(script(isPipelined).on(Stage.RCPT, "550 5.1.1 no"));

        var result = send(to(server), mail("a@x.test", "b@x.test"));

        assertReplies(result, 550, 550);
        assertThat(server.mails()).isEmpty();
    }

    private static SmtpScript script(boolean isPipelined) {
        return isPipelined ? scriptedServer().announces("PIPELINING") : scriptedServer();
    }

    @Test
    void leavesAServerThatSays354ToNobody() throws Exception {
        var server = start(script(true).on(Stage.RCPT, "550 no").on(Stage.DATA, "354 go on"));

        var result = send(to(server), mail());

        assertReplies(result, 550);
    }

    private static final List<Fault> RESETS = List.of(
            fault("leaves a server that refuses RSET", Stage.RSET, reply("502 5.5.1 what?"), answered(250)),
            fault("leaves a server that says 421 to RSET", Stage.RSET, reply("421 4.3.2 closing"), answered(250)),
            fault("leaves a server that closes at RSET", Stage.RSET, Answer.close(), answered(250)),
            fault("leaves a server that answers RSET with nonsense", Stage.RSET, reply("hello?"), answered(250)));

    @ParameterizedTest(name = "{0}")
    @FieldSource("RESETS")
    void sendsTheNextMailOverAnotherConnection(Fault fault) throws Exception {
        var server = start(script(true)
                .on(Stage.MAIL, reply("550 5.7.1 no"), reply("250 ok"))
                .on(fault.stage(), fault.answer()));

        assertReplies(send(to(server), mail()), 550);
        var next = send(to(server), mail());

        fault.outcome().accept(next);
        assertThat(server.connections()).isEqualTo(2);
    }
}
