package org.relais.administration.port;

import java.util.Locale;

/** What an operator does to an envelope. */
public enum QueueAction {
    RETRY("due"),
    HOLD("held"),
    RELEASE("released"),
    REMOVE("removed"),
    RESTORE("restored");

    private final String done;

    QueueAction(String done) {
        this.done = done;
    }

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What the envelope is afterwards. */
    public String done() {
        return done;
    }
}
