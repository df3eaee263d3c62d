package org.relais.access.smtp;

import java.util.Locale;

/** Which of the three receiving protocols a listener speaks. */
public enum Role {
    /** From other MTAs, and from devices of listed networks (RFC 5321). */
    SMTP,
    /** From users, who authenticate (RFC 6409). */
    SUBMISSION,
    /** From a local MTA, for local domains only (RFC 2033). */
    LMTP;

    /** The word used in events and logs. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
