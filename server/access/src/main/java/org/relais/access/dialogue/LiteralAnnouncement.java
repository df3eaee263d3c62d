package org.relais.access.dialogue;

import java.util.Optional;

/**
 * The literal that the end of a line announces: {@code {310}} or {@code {310+}} (RFC 9051 §4.3, RFC 7888 §3).
 *
 * @param octets how many octets follow; {@link Long#MAX_VALUE} if the number has more than 18 digits
 * @param synchronising whether the client waits for the server's continuation request
 */
public record LiteralAnnouncement(long octets, boolean synchronising) {

    private static final int DIGITS = 18;

    /** Reads the announcement at the end of a line that is given without its line break. */
    public static Optional<LiteralAnnouncement> atEndOf(byte[] line, int length) {
        int at = length - 1;
        if (at < 0 || line[at] != '}') {
            return Optional.empty();
        }
        at--;
        var synchronising = true;
        if (at >= 0 && line[at] == '+') {
            synchronising = false;
            at--;
        }
        int end = at + 1;
        while (at >= 0 && line[at] >= '0' && line[at] <= '9') {
            at--;
        }
        int start = at + 1;
        if (start == end || at < 0 || line[at] != '{') {
            return Optional.empty();
        }
        return Optional.of(new LiteralAnnouncement(number(line, start, end), synchronising));
    }

    private static long number(byte[] line, int start, int end) {
        int from = start;
        while (from < end - 1 && line[from] == '0') {
            from++;
        }
        if (end - from > DIGITS) {
            return Long.MAX_VALUE;
        }
        long value = 0;
        for (int i = from; i < end; i++) {
            value = value * 10 + (line[i] - '0');
        }
        return value;
    }
}
