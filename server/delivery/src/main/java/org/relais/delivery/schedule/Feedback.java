package org.relais.delivery.schedule;

/** What an attempt says about its destination, whatever became of the mail. */
public sealed interface Feedback {

    /** It took a mail, or refused this mail for reasons of this mail. */
    record Good() implements Feedback {}

    /**
     * It asks for less: 421, 450, 451, 452 and the like.
     *
     * @param cause for people: the reply
     * @param isExplicit whether one such answer is enough: 421, 4.7.28, "too many connections"; otherwise it was
     *     deferred for a reason that may be this mail's, and only counts when most answers are like that
     */
    record Less(String cause, boolean isExplicit) implements Feedback {
        public Less(String cause) {
            this(cause, true);
        }
    }

    /**
     * No host of it is to be had.
     *
     * @param cause for people: {@code connection refused}
     */
    record Dead(String cause) implements Feedback {}

    /** Nothing was learnt: our own fault, or the job was taken back. */
    record None() implements Feedback {}
}
