package org.relais.delivery.engine;

import java.util.List;
import org.relais.delivery.Outcome;
import org.relais.delivery.schedule.Feedback;
import org.relais.smtpclient.SessionInfo;

/**
 * What came of an attempt at a job.
 *
 * @param outcomes one for each claim, in their order
 * @param hop who decided; the destination where nobody did
 * @param isOurFault deferred without regard to age
 * @param session with who decided; {@link SessionInfo#NONE} where nobody answered
 */
record AttemptResult(List<Outcome> outcomes, String hop, Feedback feedback, boolean isOurFault, SessionInfo session) {
    AttemptResult {
        outcomes = List.copyOf(outcomes);
    }

    /** Whether the hop knows what the sender wants to be told. */
    boolean passesDsnOn() {
        return session.takesDsn();
    }
}
