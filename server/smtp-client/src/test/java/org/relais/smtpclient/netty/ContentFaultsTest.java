package org.relais.smtpclient.netty;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.relais.smtpclient.netty.Fault.answered;
import static org.relais.smtpclient.netty.Fault.fault;
import static org.relais.smtpclient.netty.Fault.inDoubt;
import static org.relais.testkit.smtp.Answer.reply;
import static org.relais.testkit.smtp.ScriptedSmtpServer.scriptedServer;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.relais.smtpclient.OutgoingContent;
import org.relais.smtpclient.OutgoingContent.Kind;
import org.relais.smtpclient.Transaction;
import org.relais.smtpclient.TransactionResult.Unsendable;
import org.relais.testkit.smtp.Answer;
import org.relais.testkit.smtp.SmtpScript;
import org.relais.testkit.smtp.Stage;

/** Remote behaviours from the content to the last reply, through DATA and BDAT; see {@link ReplyFormsTest} too. */
class ContentFaultsTest extends RemoteTest {

    private static final List<Fault> FAULTS = List.of(
            fault("passes on 451", Stage.CONTENT, reply("451 4.3.0 later"), answered(451)),
            fault("passes on 552", Stage.CONTENT, reply("552 5.3.4 too big"), answered(552)),
            fault("passes on 421", Stage.CONTENT, reply("421 4.3.0 closing"), answered(421)),
            fault(
                    "takes a long reply",
                    Stage.CONTENT,
                    reply("250-2.0.0 a", "250-b", "250 c").byteWise(),
                    answered(250)),
            fault("is in doubt where the server closes", Stage.CONTENT, Answer.close(), inDoubt()),
            fault("is in doubt where the server resets", Stage.CONTENT, Answer.reset(), inDoubt()),
            fault("is in doubt where nonsense follows", Stage.CONTENT, reply("ok"), inDoubt()));

    private static SmtpScript data() {
        return scriptedServer().announces("PIPELINING");
    }

    private static SmtpScript bdat() {
        return scriptedServer().announces("PIPELINING", "CHUNKING", "8BITMIME");
    }

    @ParameterizedTest(name = "{0} behind the content of DATA")
    @FieldSource("FAULTS")
    void leadsToThroughData(Fault fault) throws Exception {
        var result = send(data().on(fault.stage(), fault.answer()));

        fault.outcome().accept(result);
    }

    @ParameterizedTest(name = "{0} behind the content of BDAT")
    @FieldSource("FAULTS")
    void leadsToThroughBdat(Fault fault) throws Exception {
        var result = send(bdat().on(fault.stage(), fault.answer()));

        fault.outcome().accept(result);
    }

    @ParameterizedTest(name = "is in doubt where nothing follows the content, chunked: {0}")
    @ValueSource(booleans = {false, true})
    void isInDoubtWhereNothingFollowsTheContent(boolean isChunked) throws Exception {
        use(settings(SHORT));

        var result = send((isChunked ? bdat() : data()).on(Stage.CONTENT, Answer.silence()));

        assertInterrupted(result, true);
    }

    @Test
    void passesOn550OfARecipientWhoseChunkIsUnderWay() throws Exception {
        var result = send(bdat().on(Stage.RCPT, "550 5.1.1 no"));

        assertReplies(result, 550);
    }

    // ---- in the middle of the content

    private static Transaction bigMail() {
        return mail(content("x".repeat(76).concat("\r\n").repeat(200_000), Kind.SEVEN_BIT));
    }

    @Test
    void isInterruptedWhereTheServerVanishesInTheContent() throws Exception {
        var server = start(data().vanishesInContentAfter(1000));

        var result = send(to(server), bigMail());

        assertInterrupted(result, false);
    }

    @Test
    void isInterruptedWhereTheServerTakesNoOctet() throws Exception {
        use(settings(SHORT));
        var server = start(bdat().on(Stage.RCPT, reply("250 ok").after(Duration.ofSeconds(5))));

        var result = send(to(server), bigMail());

        assertInterrupted(result, false);
    }

    // ---- what the server cannot take: the content is never altered silently

    private static final OutgoingContent EIGHT_BIT = content("\u00e9\r\n", Kind.EIGHT_BIT);

    @Test
    void failsEightBitContentForASevenBitHopAndNamesIt() throws Exception {
        var result = send(to(start(data())), mail(EIGHT_BIT));

        assertUnsendable(result, "5.6.3");
        assertThat(((Unsendable) result).text()).contains("scripted.test");
    }

    @Test
    void failsBinaryContentForAHopWithoutBinarymime() throws Exception {
        var result = send(to(start(bdat())), mail(content("\u0000", Kind.BINARY)));

        assertUnsendable(result, "5.6.3");
    }

    @Test
    void failsInternationalMailForAHopWithoutSmtputf8() throws Exception {
        var result = send(to(start(bdat())), mail("j\u00f6rg@x.test"));

        assertUnsendable(result, "5.6.7");
    }

    @Test
    void failsAContentLargerThanSize() throws Exception {
        var result = send(to(start(scriptedServer().announces("SIZE 10"))), mail());

        assertUnsendable(result, "5.3.4");
    }

    @Test
    void failsAnAddressThatWouldEndTheCommand() throws Exception {
        var result = send(to(start(scriptedServer())), mail("a@x.test>\r\nRSET"));

        assertUnsendable(result, "5.1.3");
    }

    // ---- what was decided, and what is in doubt

    @Test
    void isInDoubtWhereAConnectionThatIsUsedAgainDiesUnderAChunk() throws Exception {
        var server = start(bdat().on(Stage.CONTENT, reply("250 ok"), Answer.close(), reply("250 ok")));

        assertReplies(send(to(server), mail()), 250);
        var second = send(to(server), mail());

        assertInterrupted(second, true);
        assertThat(server.connections()).isEqualTo(1);
        assertThat(second.session().isReused()).isTrue();
    }

    @Test
    void sendsASmallStreamBehindItsRecipients() throws Exception {
        var server = start(bdat());

        var result = send(to(server), mail(new Octets("a\r\n".getBytes(US_ASCII), Kind.SEVEN_BIT, false)));

        assertReplies(result, 250);
        assertThat(server.mails().get(0).content()).asString(US_ASCII).isEqualTo("a\r\n");
    }

    @Test
    void keepsTheRefusalsWhereTheServerClosesInTheMiddle() throws Exception {
        var server = start(
                scriptedServer().onRecipient("b@x.test", reply("550 5.1.1 no")).on(Stage.CONTENT, Answer.close()));

        var result = send(to(server), mail("a@x.test", "b@x.test", "c@x.test"));

        assertInterrupted(result, true);
        assertThat(codesSoFar(result)).containsExactly(0, 550, 0);
    }

    @Test
    void takesARefusedMailForDecidedThoughTheServerClosesThen() throws Exception {
        var server = start(data().on(Stage.MAIL, reply("550 5.7.1 not you").thenCloses()));

        var result = send(to(server), mail("a@x.test", "b@x.test"));

        assertReplies(result, 550, 550);
    }
}
