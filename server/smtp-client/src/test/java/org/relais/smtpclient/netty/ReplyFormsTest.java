package org.relais.smtpclient.netty;

import static org.relais.smtpclient.netty.Fault.answered;
import static org.relais.smtpclient.netty.Fault.fault;
import static org.relais.smtpclient.netty.Fault.inDoubt;
import static org.relais.smtpclient.netty.Fault.interrupted;
import static org.relais.smtpclient.netty.Fault.unavailable;
import static org.relais.testkit.smtp.Answer.reply;
import static org.relais.testkit.smtp.ScriptedSmtpServer.scriptedServer;

import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.relais.smtpclient.TransactionResult;
import org.relais.smtpclient.TransactionResult.Cause;
import org.relais.testkit.smtp.Answer;
import org.relais.testkit.smtp.Stage;

/** Replies in every form, at every stage. */
class ReplyFormsTest extends RemoteTest {

    /**
     * @param code of a reply that goes on
     * @param lost what becomes of the mail where there is no reply to understand
     */
    private record Place(Stage stage, int code, Consumer<TransactionResult> lost) {
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

    /** @param answer to the code of the place */
    private record Form(String words, IntFunction<Answer> answer) {}

    private static final List<Form> UNDERSTOOD = List.of(
            new Form("of several lines", code -> reply(code + "-one", code + "-two", code + " three")),
            new Form("octet by octet", code -> reply(code + " slow").byteWise()),
            new Form(
                    "of several lines in pieces",
                    code -> reply(code + "-one", code + " two").inPiecesOf(3)));

    private static final List<Form> NOT_UNDERSTOOD = List.of(
            new Form("in binary", code -> reply("\u0000\u00ff\u0001\u0002")),
            new Form("of another protocol", code -> reply("SSH-2.0-OpenSSH_9.2")),
            new Form("with two codes", code -> reply(code + "-one", "421 two")),
            new Form("of an endless line", code -> reply(code + " " + "x".repeat(100_000))),
            new Form(
                    "of endless lines",
                    code -> reply(Collections.nCopies(500, code + "-x").toArray(String[]::new))),
            new Form("that is a closed connection", code -> Answer.close()));

    static Stream<Fault> understood() {
        return inEveryPlace("takes", UNDERSTOOD).map(fault -> fault.leadingTo(answered(250)));
    }

    static Stream<Fault> notUnderstood() {
        return inEveryPlace("loses the connection at", NOT_UNDERSTOOD);
    }

    private static Stream<Fault> inEveryPlace(String verb, List<Form> forms) {
        return PLACES.stream()
                .flatMap(place -> forms.stream()
                        .map(form -> fault(
                                verb + " a reply " + form.words() + " at " + place,
                                place.stage(),
                                form.answer().apply(place.code()),
                                place.lost())));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"understood", "notUnderstood"})
    void leadsTo(Fault fault) throws Exception {
        var result = send(scriptedServer().on(fault.stage(), fault.answer()));

        fault.outcome().accept(result);
    }

    @ParameterizedTest(name = "loses the connection where {0} is not answered")
    @FieldSource("PLACES")
    void losesTheConnectionWhereNothingIsAnswered(Place place) throws Exception {
        use(settings(SHORT));

        var result = send(scriptedServer().on(place.stage(), Answer.silence()));

        place.lost().accept(result);
    }
}
