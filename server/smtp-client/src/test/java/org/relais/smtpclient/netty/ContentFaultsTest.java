package org.relais.smtpclient.netty;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.relais.testkit.smtp.ScriptedSmtpServer.scriptedServer;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.relais.smtpclient.OutgoingContent.Kind;
import org.relais.smtpclient.TransactionResult.Unsendable;
import org.relais.testkit.smtp.Answer;
import org.relais.testkit.smtp.Stage;

/** Remote behaviours from the content to the last reply, one test each. */
class ContentFaultsTest extends RemoteTest {

    @Test
    void passesOn451ToTheContentOfData() throws Exception {
        assertReplies(send(scriptedServer().announces("PIPELINING").on(Stage.CONTENT, "451 4.3.0 later")), 451);
    }

    @Test
    void passesOn552ToTheContentOfData() throws Exception {
        assertReplies(send(scriptedServer().announces("PIPELINING").on(Stage.CONTENT, "552 5.3.4 too big")), 552);
    }

    @Test
    void passesOn421ToTheContentOfData() throws Exception {
        assertReplies(send(scriptedServer().announces("PIPELINING").on(Stage.CONTENT, "421 4.3.0 closing")), 421);
    }

    @Test
    void takesALongReplyToTheContentOfData() throws Exception {
        assertReplies(
                send(scriptedServer()
                        .announces("PIPELINING")
                        .on(
                                Stage.CONTENT,
                                Answer.reply("250-2.0.0 a", "250-b", "250 c").byteWise())),
                250);
    }

    @Test
    void isInDoubtWhereTheServerClosesBehindTheContentOfData() throws Exception {
        assertInterrupted(send(scriptedServer().announces("PIPELINING").on(Stage.CONTENT, Answer.close())), true);
    }

    @Test
    void isInDoubtWhereTheServerResetsBehindTheContentOfData() throws Exception {
        assertInterrupted(send(scriptedServer().announces("PIPELINING").on(Stage.CONTENT, Answer.reset())), true);
    }

    @Test
    void isInDoubtWhereNonsenseFollowsTheContentOfData() throws Exception {
        assertInterrupted(send(scriptedServer().announces("PIPELINING").on(Stage.CONTENT, "ok")), true);
    }

    @Test
    void isInDoubtWhereNothingFollowsTheContentOfData() throws Exception {
        use(settings(SHORT));
        assertInterrupted(send(scriptedServer().announces("PIPELINING").on(Stage.CONTENT, Answer.silence())), true);
    }

    @Test
    void passesOn451ToTheContentOfBdat() throws Exception {
        assertReplies(
                send(scriptedServer()
                        .announces("PIPELINING", "CHUNKING", "8BITMIME")
                        .on(Stage.CONTENT, "451 4.3.0 later")),
                451);
    }

    @Test
    void passesOn552ToTheContentOfBdat() throws Exception {
        assertReplies(
                send(scriptedServer()
                        .announces("PIPELINING", "CHUNKING", "8BITMIME")
                        .on(Stage.CONTENT, "552 5.3.4 too big")),
                552);
    }

    @Test
    void passesOn421ToTheContentOfBdat() throws Exception {
        assertReplies(
                send(scriptedServer()
                        .announces("PIPELINING", "CHUNKING", "8BITMIME")
                        .on(Stage.CONTENT, "421 4.3.0 closing")),
                421);
    }

    @Test
    void takesALongReplyToTheContentOfBdat() throws Exception {
        assertReplies(
                send(scriptedServer()
                        .announces("PIPELINING", "CHUNKING", "8BITMIME")
                        .on(
                                Stage.CONTENT,
                                Answer.reply("250-2.0.0 a", "250-b", "250 c").byteWise())),
                250);
    }

    @Test
    void isInDoubtWhereTheServerClosesBehindTheContentOfBdat() throws Exception {
        assertInterrupted(
                send(scriptedServer()
                        .announces("PIPELINING", "CHUNKING", "8BITMIME")
                        .on(Stage.CONTENT, Answer.close())),
                true);
    }

    @Test
    void isInDoubtWhereTheServerResetsBehindTheContentOfBdat() throws Exception {
        assertInterrupted(
                send(scriptedServer()
                        .announces("PIPELINING", "CHUNKING", "8BITMIME")
                        .on(Stage.CONTENT, Answer.reset())),
                true);
    }

    @Test
    void isInDoubtWhereNonsenseFollowsTheContentOfBdat() throws Exception {
        assertInterrupted(
                send(scriptedServer()
                        .announces("PIPELINING", "CHUNKING", "8BITMIME")
                        .on(Stage.CONTENT, "ok")),
                true);
    }

    @Test
    void isInDoubtWhereNothingFollowsTheContentOfBdat() throws Exception {
        use(settings(SHORT));
        assertInterrupted(
                send(scriptedServer()
                        .announces("PIPELINING", "CHUNKING", "8BITMIME")
                        .on(Stage.CONTENT, Answer.silence())),
                true);
    }

    @Test
    void passesOn550OfARecipientWhoseChunkIsUnderWay() throws Exception {
        assertReplies(
                send(scriptedServer()
                        .announces("PIPELINING", "CHUNKING", "8BITMIME")
                        .on(Stage.RCPT, "550 5.1.1 no")),
                550);
    }

    @Test
    void isInterruptedWhereTheServerVanishesInTheContent() throws Exception {
        var big = content("x".repeat(76).concat("\r\n").repeat(200_000), Kind.SEVEN_BIT);
        assertInterrupted(
                send(to(start(scriptedServer().announces("PIPELINING").vanishesInContentAfter(1000))), mail(big)),
                false);
    }

    @Test
    void isInterruptedWhereTheServerTakesNoOctet() throws Exception {
        use(settings(SHORT));
        var big = content("x".repeat(76).concat("\r\n").repeat(200_000), Kind.SEVEN_BIT);
        var server = start(scriptedServer()
                .announces("PIPELINING", "CHUNKING", "8BITMIME")
                .on(Stage.RCPT, Answer.reply("250 ok").after(Duration.ofSeconds(5))));
        assertInterrupted(send(to(server), mail(big)), false);
    }

    @Test
    void failsEightBitContentForASevenBitHop() throws Exception {
        var result =
                send(to(start(scriptedServer().announces("PIPELINING"))), mail(content("\u00e9\r\n", Kind.EIGHT_BIT)));
        assertThat(result).isInstanceOf(Unsendable.class);
        assertThat(((Unsendable) result).status()).hasToString("5.6.3");
        assertThat(((Unsendable) result).text()).contains("scripted.test");
    }

    @Test
    void failsBinaryContentForAHopWithoutBinarymime() throws Exception {
        var result = send(
                to(start(scriptedServer().announces("PIPELINING", "CHUNKING", "8BITMIME"))),
                mail(content("\u0000", Kind.BINARY)));
        assertThat(((Unsendable) result).status()).hasToString("5.6.3");
    }

    @Test
    void failsInternationalMailForAHopWithoutSmtputf8() throws Exception {
        var result = send(
                to(start(scriptedServer().announces("PIPELINING", "CHUNKING", "8BITMIME"))), mail("j\u00f6rg@x.test"));
        assertThat(((Unsendable) result).status()).hasToString("5.6.7");
    }

    @Test
    void failsAContentLargerThanSize() throws Exception {
        var result = send(to(start(scriptedServer().announces("SIZE 10"))), mail());
        assertThat(((Unsendable) result).status()).hasToString("5.3.4");
    }

    @Test
    void failsAnAddressThatWouldEndTheCommand() throws Exception {
        var result = send(to(start(scriptedServer())), mail("a@x.test>\r\nRSET"));
        assertThat(((Unsendable) result).status()).hasToString("5.1.3");
    }

    @Test
    void isInDoubtWhereAConnectionThatIsUsedAgainDiesUnderAChunk() throws Exception {
        var server = start(scriptedServer()
                .announces("PIPELINING", "CHUNKING")
                .on(Stage.CONTENT, Answer.reply("250 ok"), Answer.close(), Answer.reply("250 ok")));

        assertReplies(send(to(server), mail()), 250);
        var second = send(to(server), mail());

        assertInterrupted(second, true);
        assertThat(server.connections()).isEqualTo(1);
        assertThat(second.session().isReused()).isTrue();
    }

    @Test
    void sendsASmallStreamBehindItsRecipients() throws Exception {
        var server = start(scriptedServer().announces("PIPELINING", "CHUNKING"));

        assertReplies(send(to(server), mail(new Octets("a\r\n".getBytes(US_ASCII), Kind.SEVEN_BIT, false))), 250);

        assertThat(server.mails().get(0).content()).asString(US_ASCII).isEqualTo("a\r\n");
    }

    @Test
    void keepsTheRefusalsWhereTheServerClosesInTheMiddle() throws Exception {
        var server = start(scriptedServer()
                .onRecipient("b@x.test", Answer.reply("550 5.1.1 no"))
                .on(Stage.CONTENT, Answer.close()));

        var result = send(to(server), mail("a@x.test", "b@x.test", "c@x.test"));

        assertInterrupted(result, true);
        assertThat(codesSoFar(result)).containsExactly(0, 550, 0);
    }

    @Test
    void takesARefusedMailForDecidedThoughTheServerClosesThen() throws Exception {
        var server = start(scriptedServer()
                .announces("PIPELINING")
                .on(Stage.MAIL, Answer.reply("550 5.7.1 not you").thenCloses()));

        assertReplies(send(to(server), mail("a@x.test", "b@x.test")), 550, 550);
    }
}
