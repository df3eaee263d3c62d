package org.relais.smtpclient.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.relais.testkit.smtp.ScriptedSmtpServer.scriptedServer;

import org.junit.jupiter.api.Test;
import org.relais.smtpclient.TransactionResult.Cause;
import org.relais.testkit.smtp.Answer;
import org.relais.testkit.smtp.Stage;

/** Remote behaviours in LMTP (RFC 2033). */
class LmtpFaultsTest extends RemoteTest {

    @Test
    void takesAReplyForEachRecipient() throws Exception {
        var server = start(scriptedServer()
                .speaksLmtp()
                .on(Stage.CONTENT, Answer.reply("250 a"), Answer.reply("452 4.2.2 full"), Answer.reply("550 no")));

        var result = send(lmtp(server), mail("a@x.test", "b@x.test", "c@x.test"));

        assertReplies(result, 250, 452, 550);
    }

    @Test
    void takesAReplyForEachRecipientBehindAChunk() throws Exception {
        var server = start(scriptedServer()
                .speaksLmtp()
                .announces("PIPELINING", "CHUNKING")
                .on(Stage.CONTENT, Answer.reply("250 a"), Answer.reply("452 4.2.2 full"), Answer.reply("250 c")));

        var result = send(lmtp(server), mail("a@x.test", "b@x.test", "c@x.test"));

        assertReplies(result, 250, 452, 250);
    }

    @Test
    void takesNoReplyForARefusedRecipient() throws Exception {
        var server = start(scriptedServer()
                .speaksLmtp()
                .onRecipient("b@x.test", Answer.reply("550 no"))
                .on(Stage.CONTENT, Answer.reply("250 a"), Answer.reply("451 c")));

        var result = send(lmtp(server), mail("a@x.test", "b@x.test", "c@x.test"));

        assertReplies(result, 250, 550, 451);
    }

    @Test
    void passesOn421AmongTheReplies() throws Exception {
        var server = start(
                scriptedServer().speaksLmtp().on(Stage.CONTENT, Answer.reply("250 a"), Answer.reply("421 closing")));

        var result = send(lmtp(server), mail("a@x.test", "b@x.test", "c@x.test"));

        assertReplies(result, 250, 421, 421);
    }

    @Test
    void isInDoubtWhereTheServerClosesAmongTheReplies() throws Exception {
        var server = start(scriptedServer().speaksLmtp().on(Stage.CONTENT, Answer.reply("250 a"), Answer.close()));

        var result = send(lmtp(server), mail("a@x.test", "b@x.test"));

        assertInterrupted(result, true);
        assertThat(codesSoFar(result)).containsExactly(250, 0);
    }

    @Test
    void isUnavailableWhereLhloIsRefused() throws Exception {
        var server = start(scriptedServer());

        var result = send(lmtp(server), mail());

        assertUnavailable(result, Cause.GREETING);
    }

    @Test
    void leavesAServerThatRefusesEveryRecipientOfAChunkUnderWay() throws Exception {
        var server = start(scriptedServer()
                .speaksLmtp()
                .announces("PIPELINING", "CHUNKING")
                .on(Stage.RCPT, Answer.reply("550 a"), Answer.reply("450 b"), Answer.reply("250 c")));

        assertReplies(send(lmtp(server), mail("a@x.test", "b@x.test")), 550, 450);
        assertReplies(send(lmtp(server), mail("c@x.test")), 250);

        assertThat(server.connections()).isEqualTo(2);
        assertThat(server.mailCount()).isEqualTo(1);
    }
}
