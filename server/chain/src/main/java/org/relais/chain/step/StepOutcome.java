package org.relais.chain.step;

import org.relais.chain.plan.OnException;

/** What a mailet made of a mail, as seen from the chain. */
public sealed interface StepOutcome {
    /** The next step of the same processor is due. */
    record GoesOn() implements StepOutcome {}

    /** The mail ended here for these recipients. */
    record Ended() implements StepOutcome {}

    /** Another processor takes over from its first step. */
    record MovedTo(String processor) implements StepOutcome {}

    /** To be tried again at this step. */
    record Failed() implements StepOutcome {}

    /** The outcome of a mailet that returned: {@code state} and {@code hasRecipients} are the mail's afterwards. */
    static StepOutcome ofReturn(String processor, String state, boolean hasRecipients, String ghost) {
        if (!hasRecipients || state.equals(ghost)) {
            return new Ended();
        }
        return state.equals(processor) ? new GoesOn() : new MovedTo(state);
    }

    /** The outcome of a mailet that threw. */
    static StepOutcome ofThrow(OnException policy) {
        if (policy instanceof OnException.Ignore) {
            return new GoesOn();
        }
        if (policy instanceof OnException.ToProcessor to) {
            return new MovedTo(to.processor());
        }
        return new Failed();
    }
}
