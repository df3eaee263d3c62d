package org.relais.smtpclient.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.relais.testkit.smtp.ScriptedSmtpServer.scriptedServer;

import org.junit.jupiter.api.Test;
import org.relais.smtpclient.TransactionResult.Cause;
import org.relais.testkit.smtp.Answer;
import org.relais.testkit.smtp.Stage;

/** Remote behaviours from MAIL to DATA, one test each. */
class EnvelopeFaultsTest extends RemoteTest {

    @Test
    void passesOn550ToMail() throws Exception {
        assertReplies(send(scriptedServer().on(Stage.MAIL, "550 5.7.1 no")), 550);
    }

    @Test
    void passesOn451ToMail() throws Exception {
        assertReplies(send(scriptedServer().on(Stage.MAIL, "451 4.3.0 later")), 451);
    }

    @Test
    void isUnavailableAt421ToMail() throws Exception {
        assertUnavailable(send(scriptedServer().on(Stage.MAIL, "421 4.7.0 too many")), Cause.CLOSED);
    }

    @Test
    void isUnavailableWhereMailClosesTheConnection() throws Exception {
        assertUnavailable(send(scriptedServer().on(Stage.MAIL, Answer.close())), Cause.CLOSED);
    }

    @Test
    void isUnavailableWhereTheReplyToMailIsNoSmtp() throws Exception {
        assertUnavailable(send(scriptedServer().on(Stage.MAIL, "hello?")), Cause.CLOSED);
    }

    @Test
    void passesOn550ToRcpt() throws Exception {
        assertReplies(send(scriptedServer().on(Stage.RCPT, "550 5.1.1 unknown")), 550);
    }

    @Test
    void passesOn450ToRcpt() throws Exception {
        assertReplies(send(scriptedServer().on(Stage.RCPT, "450 4.2.0 greylisted")), 450);
    }

    @Test
    void passesOn421ToRcpt() throws Exception {
        assertReplies(send(scriptedServer().on(Stage.RCPT, "421 4.7.0 slow down")), 421);
    }

    @Test
    void takesASplitReplyOfSeveralLinesToRcpt() throws Exception {
        assertReplies(
                send(scriptedServer()
                        .on(
                                Stage.RCPT,
                                Answer.reply("550-5.1.1 un", "550 5.1.1 known").inPiecesOf(3))),
                550);
    }

    @Test
    void isInterruptedWhereRcptClosesTheConnection() throws Exception {
        assertInterrupted(send(scriptedServer().on(Stage.RCPT, Answer.close())), false);
    }

    @Test
    void isInterruptedWhereRcptIsAnswered354() throws Exception {
        assertInterrupted(send(scriptedServer().on(Stage.RCPT, "354 go on")), false);
    }

    @Test
    void passesOn554ToData() throws Exception {
        assertReplies(send(scriptedServer().on(Stage.DATA, "554 5.5.0 no")), 554);
    }

    @Test
    void passesOn421ToData() throws Exception {
        assertReplies(send(scriptedServer().on(Stage.DATA, "421 4.3.0 closing")), 421);
    }

    @Test
    void isInterruptedWhereDataIsAnswered250() throws Exception {
        assertInterrupted(send(scriptedServer().on(Stage.DATA, "250 what?")), false);
    }

    @Test
    void isInterruptedWhereDataClosesTheConnection() throws Exception {
        assertInterrupted(send(scriptedServer().on(Stage.DATA, Answer.close())), false);
    }

    @Test
    void failsOneOfThreeRecipients() throws Exception {
        var server = start(scriptedServer().onRecipient("b@x.test", Answer.reply("550 5.1.1 no")));
        assertReplies(send(to(server), mail("a@x.test", "b@x.test", "c@x.test")), 250, 550, 250);
        assertThat(server.mails().get(0).forwardPaths()).containsExactly("a@x.test", "c@x.test");
    }

    @Test
    void sendsNoContentToNobody() throws Exception {
        var server = start(scriptedServer().on(Stage.RCPT, "550 5.1.1 no"));
        assertReplies(send(to(server), mail("a@x.test", "b@x.test")), 550, 550);
        assertThat(server.mails()).isEmpty();
    }

    @Test
    void passesOn550ToMailPipelined() throws Exception {
        assertReplies(send(scriptedServer().announces("PIPELINING").on(Stage.MAIL, "550 5.7.1 no")), 550);
    }

    @Test
    void passesOn451ToMailPipelined() throws Exception {
        assertReplies(send(scriptedServer().announces("PIPELINING").on(Stage.MAIL, "451 4.3.0 later")), 451);
    }

    @Test
    void isUnavailableAt421ToMailPipelined() throws Exception {
        assertUnavailable(
                send(scriptedServer().announces("PIPELINING").on(Stage.MAIL, "421 4.7.0 too many")), Cause.CLOSED);
    }

    @Test
    void isUnavailableWhereMailClosesTheConnectionPipelined() throws Exception {
        assertUnavailable(send(scriptedServer().announces("PIPELINING").on(Stage.MAIL, Answer.close())), Cause.CLOSED);
    }

    @Test
    void isUnavailableWhereTheReplyToMailIsNoSmtpPipelined() throws Exception {
        assertUnavailable(send(scriptedServer().announces("PIPELINING").on(Stage.MAIL, "hello?")), Cause.CLOSED);
    }

    @Test
    void passesOn550ToRcptPipelined() throws Exception {
        assertReplies(send(scriptedServer().announces("PIPELINING").on(Stage.RCPT, "550 5.1.1 unknown")), 550);
    }

    @Test
    void passesOn450ToRcptPipelined() throws Exception {
        assertReplies(send(scriptedServer().announces("PIPELINING").on(Stage.RCPT, "450 4.2.0 greylisted")), 450);
    }

    @Test
    void passesOn421ToRcptPipelined() throws Exception {
        assertReplies(send(scriptedServer().announces("PIPELINING").on(Stage.RCPT, "421 4.7.0 slow down")), 421);
    }

    @Test
    void takesASplitReplyOfSeveralLinesToRcptPipelined() throws Exception {
        assertReplies(
                send(scriptedServer()
                        .announces("PIPELINING")
                        .on(
                                Stage.RCPT,
                                Answer.reply("550-5.1.1 un", "550 5.1.1 known").inPiecesOf(3))),
                550);
    }

    @Test
    void isInterruptedWhereRcptClosesTheConnectionPipelined() throws Exception {
        assertInterrupted(send(scriptedServer().announces("PIPELINING").on(Stage.RCPT, Answer.close())), false);
    }

    @Test
    void isInterruptedWhereRcptIsAnswered354Pipelined() throws Exception {
        assertInterrupted(send(scriptedServer().announces("PIPELINING").on(Stage.RCPT, "354 go on")), false);
    }

    @Test
    void passesOn554ToDataPipelined() throws Exception {
        assertReplies(send(scriptedServer().announces("PIPELINING").on(Stage.DATA, "554 5.5.0 no")), 554);
    }

    @Test
    void passesOn421ToDataPipelined() throws Exception {
        assertReplies(send(scriptedServer().announces("PIPELINING").on(Stage.DATA, "421 4.3.0 closing")), 421);
    }

    @Test
    void isInterruptedWhereDataIsAnswered250Pipelined() throws Exception {
        assertInterrupted(send(scriptedServer().announces("PIPELINING").on(Stage.DATA, "250 what?")), false);
    }

    @Test
    void isInterruptedWhereDataClosesTheConnectionPipelined() throws Exception {
        assertInterrupted(send(scriptedServer().announces("PIPELINING").on(Stage.DATA, Answer.close())), false);
    }

    @Test
    void failsOneOfThreeRecipientsPipelined() throws Exception {
        var server =
                start(scriptedServer().announces("PIPELINING").onRecipient("b@x.test", Answer.reply("550 5.1.1 no")));
        assertReplies(send(to(server), mail("a@x.test", "b@x.test", "c@x.test")), 250, 550, 250);
        assertThat(server.mails().get(0).forwardPaths()).containsExactly("a@x.test", "c@x.test");
    }

    @Test
    void sendsNoContentToNobodyPipelined() throws Exception {
        var server = start(scriptedServer().announces("PIPELINING").on(Stage.RCPT, "550 5.1.1 no"));
        assertReplies(send(to(server), mail("a@x.test", "b@x.test")), 550, 550);
        assertThat(server.mails()).isEmpty();
    }

    @Test
    void isUnavailableWhereMailIsNotAnswered() throws Exception {
        use(settings(SHORT));
        assertUnavailable(send(scriptedServer().on(Stage.MAIL, Answer.silence())), Cause.CLOSED);
    }

    @Test
    void isInterruptedWhereRcptIsNotAnswered() throws Exception {
        use(settings(SHORT));
        assertInterrupted(send(scriptedServer().on(Stage.RCPT, Answer.silence())), false);
    }

    @Test
    void isInterruptedWhereDataIsNotAnswered() throws Exception {
        use(settings(SHORT));
        assertInterrupted(send(scriptedServer().on(Stage.DATA, Answer.silence())), false);
    }

    @Test
    void leavesAServerThatSays354ToNobody() throws Exception {
        assertReplies(
                send(scriptedServer()
                        .announces("PIPELINING")
                        .on(Stage.RCPT, "550 no")
                        .on(Stage.DATA, "354 go on")),
                550);
    }
}
