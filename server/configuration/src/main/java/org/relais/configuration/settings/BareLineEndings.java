package org.relais.configuration.settings;

/** What submission does with a CR or LF that stands alone in a mail. */
public enum BareLineEndings {
    /** Answers 550 5.6.0, as the smtp listener always does. */
    REFUSE,
    /** Takes it as CRLF. */
    NORMALISE
}
