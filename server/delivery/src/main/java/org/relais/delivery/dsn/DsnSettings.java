package org.relais.delivery.dsn;

import java.util.Locale;

/**
 * @param reportingMta our host name
 * @param sender the address in From, without angle brackets
 * @param language English or French, for senders whose mail names neither
 * @param mostReturned a mail of more octets comes back as its header alone
 */
public record DsnSettings(String reportingMta, String sender, Locale language, int mostReturned) {
    public static final int USUAL_RETURNED = 50 * 1024;

    public DsnSettings {
        // A DSN is held in memory: see PendingMessage.of.
        if (mostReturned < 0 || mostReturned > 512 * 1024) {
            throw new IllegalArgumentException("a DSN returns 0 to 524288 octets, not " + mostReturned);
        }
    }
}
