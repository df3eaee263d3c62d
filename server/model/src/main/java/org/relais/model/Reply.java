package org.relais.model;

import java.util.List;
import java.util.Optional;

/**
 * The reply of a remote MTA (RFC 5321 §4.2).
 *
 * @param code 200 to 599
 * @param lines the text of each line, without the code; not empty; what exceeds {@value #MAX_LINES} lines is cut
 */
public record Reply(int code, List<String> lines) {
    public static final int MAX_LINES = 100;
    private static final int LONGEST = 1000;

    public Reply {
        if (code < 200 || code > 599) {
            throw new IllegalArgumentException("a reply code is 200 to 599, was " + code);
        }
        if (lines.isEmpty()) {
            throw new IllegalArgumentException("a reply has a line");
        }
        lines = List.copyOf(lines.size() > MAX_LINES ? lines.subList(0, MAX_LINES) : lines);
    }

    public static Reply of(int code, String text) {
        return new Reply(code, List.of(text));
    }

    public boolean isPositive() {
        return code < 400;
    }

    public boolean isPermanent() {
        return code >= 500;
    }

    /** The enhanced status code that the reply begins with, if its class is that of the code; or else {@code x.0.0}. */
    public EnhancedStatus status() {
        int statusClass = code / 100;
        Optional<EnhancedStatus> given = EnhancedStatus.atStartOf(lines.get(0));
        return given.filter(status -> status.statusClass() == statusClass)
                .orElseGet(() -> new EnhancedStatus(statusClass == 3 ? 2 : statusClass, 0, 0));
    }

    /** Code and text, as {@link #line} makes them readable. */
    public String text() {
        return line(code + " " + String.join(" ", lines));
    }

    /** On one line, control characters as spaces, and no longer than people want to read: {@value #LONGEST} characters. */
    public static String line(String text) {
        String line = (hasControl(text) ? text.replaceAll("\\p{Cntrl}+", " ") : text).strip();
        return line.length() > LONGEST ? line.substring(0, LONGEST) : line;
    }

    /** Few replies have any. */
    private static boolean hasControl(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < ' ' || text.charAt(i) == 0x7F) {
                return true;
            }
        }
        return false;
    }

    @Override
    public String toString() {
        return text();
    }
}
