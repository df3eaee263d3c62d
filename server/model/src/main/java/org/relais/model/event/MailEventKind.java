package org.relais.model.event;

import java.util.Locale;

/** The steps in the life of a mail that an administrator can ask for. */
public enum MailEventKind {
    /** Answered 250: the mail is ours now. */
    RECEIVED,
    /** Refused before the 250, or by a 4xx or 5xx after the data. */
    REFUSED,
    /** A mailet acted on the mail. */
    ACTED,
    /** Handed to a queue: the chain's, or the delivery's. */
    QUEUED,
    /** One attempt at a next hop ended, with its reply. */
    ATTEMPTED,
    DELIVERED,
    /** Kept, and tried again later. */
    DEFERRED,
    /** A failure DSN was sent to the reverse-path, or none was due. */
    BOUNCED,
    /** Held where an administrator can release it. */
    QUARANTINED,
    /** Ended by a rule that somebody wrote. */
    DISCARDED,
    /** Taken out by an operator. */
    REMOVED;

    /** The word used in logs and metrics. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
