package org.relais.smtpclient.netty;

import java.util.function.Consumer;
import org.relais.smtpclient.TransactionResult;
import org.relais.smtpclient.TransactionResult.Cause;
import org.relais.testkit.smtp.Answer;
import org.relais.testkit.smtp.Stage;

/** A row of a table of faults: what a server answers at a stage, and what becomes of the mail. */
record Fault(String sentence, Stage stage, Answer answer, Consumer<TransactionResult> outcome) {

    static Fault fault(String sentence, Stage stage, Answer answer, Consumer<TransactionResult> outcome) {
        return new Fault(sentence, stage, answer, outcome);
    }

    Fault leadingTo(Consumer<TransactionResult> other) {
        return new Fault(sentence, stage, answer, other);
    }

    static Consumer<TransactionResult> answered(Integer... codes) {
        return result -> RemoteTest.assertReplies(result, codes);
    }

    static Consumer<TransactionResult> unavailable(Cause cause) {
        return result -> RemoteTest.assertUnavailable(result, cause);
    }

    static Consumer<TransactionResult> interrupted() {
        return result -> RemoteTest.assertInterrupted(result, false);
    }

    /** The server may have the mail. */
    static Consumer<TransactionResult> inDoubt() {
        return result -> RemoteTest.assertInterrupted(result, true);
    }

    /** The name of the test. */
    @Override
    public String toString() {
        return sentence;
    }
}
