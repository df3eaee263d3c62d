package org.relais.smtpclient.netty;

import static org.relais.smtpclient.netty.Fault.inDoubt;
import static org.relais.smtpclient.netty.Fault.interrupted;
import static org.relais.smtpclient.netty.Fault.unavailable;
import static org.relais.testkit.smtp.ScriptedSmtpServer.scriptedServer;

import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.relais.smtpclient.TransactionResult;
import org.relais.smtpclient.TransactionResult.Cause;
import org.relais.testkit.smtp.Answer;
import org.relais.testkit.smtp.Stage;

/** Replies in every form, at every stage. */
class ReplyFormsTest extends RemoteTest {

    /** @param lost what becomes of the mail where the reply is not one */
    private record Place(Stage stage, int code, Consumer<TransactionResult> lost) {
        String lineThatGoesOn() {
            return code + "-and so on";
        }

        String lastLine() {
            return code + " done";
        }

        @Override
        public String toString() {
            return stage.toString();
        }
    }

    private static final List<Place> PLACES = List.of(
            new Place(Stage.CONNECT, 220, unavailable(Cause.GREETING)),
            new Place(Stage.EHLO, 250, unavailable(Cause.GREETING)),
            new Place(Stage.MAIL, 250, unavailable(Cause.CLOSED)),
            new Place(Stage.RCPT, 250, interrupted()),
            new Place(Stage.DATA, 354, interrupted()),
            new Place(Stage.CONTENT, 250, inDoubt()));

    @ParameterizedTest(name = "takes several lines at {0}")
    @FieldSource("PLACES")
    void takesSeveralLines(Place place) throws Exception {
        var reply = Answer.reply(place.lineThatGoesOn(), place.lineThatGoesOn(), place.lastLine());

        var result = send(scriptedServer().on(place.stage(), reply));

        assertReplies(result, 250);
    }

    @ParameterizedTest(name = "takes a line octet by octet at {0}")
    @FieldSource("PLACES")
    void takesALineOctetByOctet(Place place) throws Exception {
        var reply = Answer.reply(place.lastLine()).byteWise();

        var result = send(scriptedServer().on(place.stage(), reply));

        assertReplies(result, 250);
    }

    @ParameterizedTest(name = "takes several lines in pieces at {0}")
    @FieldSource("PLACES")
    void takesSeveralLinesInPieces(Place place) throws Exception {
        var reply = Answer.reply(place.lineThatGoesOn(), place.lastLine()).inPiecesOf(3);

        var result = send(scriptedServer().on(place.stage(), reply));

        assertReplies(result, 250);
    }

    @ParameterizedTest(name = "is lost where {0} is answered in binary")
    @FieldSource("PLACES")
    void isLostWhereTheReplyIsBinary(Place place) throws Exception {
        var reply = Answer.reply("\u0000\u00ff\u0001\u0002");

        var result = send(scriptedServer().on(place.stage(), reply));

        place.lost().accept(result);
    }

    @ParameterizedTest(name = "is lost where {0} is answered in another protocol")
    @FieldSource("PLACES")
    void isLostWhereTheReplyIsOfAnotherProtocol(Place place) throws Exception {
        var reply = Answer.reply("SSH-2.0-OpenSSH_9.2");

        var result = send(scriptedServer().on(place.stage(), reply));

        place.lost().accept(result);
    }

    @ParameterizedTest(name = "is lost where the reply at {0} has two codes")
    @FieldSource("PLACES")
    void isLostWhereTheReplyHasTwoCodes(Place place) throws Exception {
        var reply = Answer.reply(place.lineThatGoesOn(), "421 another");

        var result = send(scriptedServer().on(place.stage(), reply));

        place.lost().accept(result);
    }

    @ParameterizedTest(name = "is lost where a line at {0} is endless")
    @FieldSource("PLACES")
    void isLostWhereALineIsEndless(Place place) throws Exception {
        var reply = Answer.reply(place.lastLine() + "x".repeat(100_000));

        var result = send(scriptedServer().on(place.stage(), reply));

        place.lost().accept(result);
    }

    @ParameterizedTest(name = "is lost where the lines at {0} are endless")
    @FieldSource("PLACES")
    void isLostWhereTheLinesAreEndless(Place place) throws Exception {
        var reply =
                Answer.reply(Collections.nCopies(500, place.lineThatGoesOn()).toArray(String[]::new));

        var result = send(scriptedServer().on(place.stage(), reply));

        place.lost().accept(result);
    }

    @ParameterizedTest(name = "is lost where nothing is answered at {0}")
    @FieldSource("PLACES")
    void isLostWhereThereIsNoReply(Place place) throws Exception {
        use(settings(SHORT));

        var result = send(scriptedServer().on(place.stage(), Answer.silence()));

        place.lost().accept(result);
    }

    @ParameterizedTest(name = "is lost where {0} closes the connection")
    @FieldSource("PLACES")
    void isLostWhereTheConnectionIsClosed(Place place) throws Exception {
        var result = send(scriptedServer().on(place.stage(), Answer.close()));

        place.lost().accept(result);
    }
}
