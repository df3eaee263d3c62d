package org.relais.mailets.relay;

import java.util.Optional;
import org.relais.model.EnhancedStatus;

/**
 * The reply of a remote MTA.
 *
 * @param code 200 to 599; 0 when there was none
 * @param text on one line, the code included, as it is shown to people
 */
public record Reply(int code, String text) {
    private static final int LONGEST = 1000;

    public Reply {
        text = line(text);
    }

    /** On one line, and no longer than people want to read: a remote MTA may send any amount. */
    static String line(String text) {
        String line = text.replaceAll("[\\r\\n]+", " ").strip();
        return line.length() > LONGEST ? line.substring(0, LONGEST) : line;
    }

    /** From the lines of a reply, the codes at their beginnings included. */
    public static Reply of(int code, String lines) {
        return new Reply(code, lines.strip().replaceAll("\\r?\\n" + code + "[- ]", " "));
    }

    public boolean isPermanent() {
        return code >= 500 && code <= 599;
    }

    /** The enhanced status code in the reply, or the class of its code. */
    public EnhancedStatus status() {
        int statusClass = code / 100;
        Optional<EnhancedStatus> given =
                text.length() > 4 ? EnhancedStatus.atStartOf(text.substring(4)) : Optional.empty();
        return given.filter(status -> status.statusClass() == statusClass)
                .orElseGet(() -> new EnhancedStatus(statusClass == 2 || statusClass == 5 ? statusClass : 4, 0, 0));
    }
}
