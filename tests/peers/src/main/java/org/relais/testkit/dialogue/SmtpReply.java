package org.relais.testkit.dialogue;

import java.util.List;

/**
 * A reply of one or more lines (RFC 5321 §4.2).
 *
 * @param code e.g. 250
 * @param lines with code and separator, as they came
 */
public record SmtpReply(int code, List<String> lines) {
    public SmtpReply {
        lines = List.copyOf(lines);
    }

    /** The last line, e.g. {@code 250 2.1.0 Ok}. */
    public String lastLine() {
        return lines.get(lines.size() - 1);
    }

    public boolean isPositive() {
        return code >= 200 && code < 400;
    }

    /** What the lines say behind code and separator. */
    public List<String> texts() {
        return lines.stream().map(l -> l.length() > 4 ? l.substring(4) : "").toList();
    }

    /** The capabilities of an EHLO reply: every line but the first. */
    public List<String> capabilities() {
        return texts().subList(1, lines.size());
    }

    @Override
    public String toString() {
        return String.join("\n", lines);
    }
}
