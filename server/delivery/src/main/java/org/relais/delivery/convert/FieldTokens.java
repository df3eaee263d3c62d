package org.relais.delivery.convert;

import java.util.Optional;

/** The tokens and quoted strings of a structured field's value, comments left out (RFC 2045 §5.1). For one thread. */
final class FieldTokens {
    private static final String SPECIALS = "()<>@,;:\\\"/[]?=";

    private final String value;
    private int at;

    FieldTokens(String value) {
        this.value = value;
    }

    /** Whether nothing is left; false too where a comment does not end. */
    boolean isAtEnd() {
        skip();
        return at == value.length();
    }

    /** Takes that special, if it comes next. */
    boolean takes(char special) {
        skip();
        if (at < value.length() && value.charAt(at) == special) {
            at++;
            return true;
        }
        return false;
    }

    /** Empty if no token comes next. */
    Optional<String> token() {
        skip();
        int from = at;
        while (at < value.length() && isOfToken(value.charAt(at))) {
            at++;
        }
        return from == at ? Optional.empty() : Optional.of(value.substring(from, at));
    }

    /** A token or a quoted string, without its quotes; empty if neither comes next, or it does not end. */
    Optional<String> word() {
        if (!takes('"')) {
            return token();
        }
        StringBuilder text = new StringBuilder();
        while (at < value.length()) {
            char c = value.charAt(at++);
            if (c == '"') {
                return Optional.of(text.toString());
            } else if (c == '\\' && at < value.length()) {
                text.append(value.charAt(at++));
            } else {
                text.append(c);
            }
        }
        return Optional.empty();
    }

    private static boolean isOfToken(char c) {
        return c > ' ' && c < 127 && SPECIALS.indexOf(c) < 0;
    }

    /** Blanks and whole comments; what begins a comment without an end is left, and is no token. */
    private void skip() {
        while (at < value.length()) {
            char c = value.charAt(at);
            if (c == '(') {
                int end = endOfComment();
                if (end < 0) {
                    return;
                }
                at = end;
            } else if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
                at++;
            } else {
                return;
            }
        }
    }

    private int endOfComment() {
        int depth = 0;
        for (int i = at; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '\\') {
                i++;
            } else if (c == '(') {
                depth++;
            } else if (c == ')' && --depth == 0) {
                return i + 1;
            }
        }
        return -1;
    }
}
