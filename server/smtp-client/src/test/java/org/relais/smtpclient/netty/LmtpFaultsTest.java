package org.relais.smtpclient.netty;

import static org.relais.testkit.smtp.ScriptedSmtpServer.scriptedServer;

import org.junit.jupiter.api.Test;
import org.relais.smtpclient.TransactionResult.Cause;
import org.relais.testkit.smtp.Answer;
import org.relais.testkit.smtp.Stage;

/** Remote behaviours in LMTP (RFC 2033), one test each. */
class LmtpFaultsTest extends RemoteTest {

    @Test
    void takesAReplyForEachRecipient() throws Exception {
        var server = start(scriptedServer()
                .speaksLmtp()
                .on(Stage.CONTENT, Answer.reply("250 a"), Answer.reply("452 4.2.2 full"), Answer.reply("550 no")));
        assertReplies(send(lmtp(server), mail("a@x.test", "b@x.test", "c@x.test")), 250, 452, 550);
    }

    @Test
    void takesAReplyForEachRecipientBehindAChunk() throws Exception {
        var server = start(scriptedServer()
                .speaksLmtp()
                .announces("PIPELINING", "CHUNKING")
                .on(Stage.CONTENT, Answer.reply("250 a"), Answer.reply("452 4.2.2 full"), Answer.reply("250 c")));
        assertReplies(send(lmtp(server), mail("a@x.test", "b@x.test", "c@x.test")), 250, 452, 250);
    }

    @Test
    void takesNoReplyForARefusedRecipient() throws Exception {
        var server = start(scriptedServer()
                .speaksLmtp()
                .onRecipient("b@x.test", Answer.reply("550 no"))
                .on(Stage.CONTENT, Answer.reply("250 a"), Answer.reply("451 c")));
        assertReplies(send(lmtp(server), mail("a@x.test", "b@x.test", "c@x.test")), 250, 550, 451);
    }

    @Test
    void passesOn421AmongTheReplies() throws Exception {
        var server = start(
                scriptedServer().speaksLmtp().on(Stage.CONTENT, Answer.reply("250 a"), Answer.reply("421 closing")));
        assertReplies(send(lmtp(server), mail("a@x.test", "b@x.test", "c@x.test")), 250, 421, 421);
    }

    @Test
    void isInDoubtWhereTheServerClosesAmongTheReplies() throws Exception {
        var server = start(scriptedServer().speaksLmtp().on(Stage.CONTENT, Answer.reply("250 a"), Answer.close()));
        assertInterrupted(send(lmtp(server), mail("a@x.test", "b@x.test")), true);
    }

    @Test
    void isUnavailableWhereLhloIsRefused() throws Exception {
        assertUnavailable(send(lmtp(start(scriptedServer())), mail()), Cause.GREETING);
    }
}
