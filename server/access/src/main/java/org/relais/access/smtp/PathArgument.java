package org.relais.access.smtp;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The argument of MAIL and RCPT: a path and its ESMTP parameters (RFC 5321 §4.1.1.2, §4.1.2).
 *
 * @param path what stood between the angle brackets
 * @param parameters keyword in capitals → value, empty where there was none; in the client's order
 */
record PathArgument(String path, Map<String, String> parameters) {
    private static final Pattern KEYWORD = Pattern.compile("[A-Za-z0-9][A-Za-z0-9-]*");
    private static final Pattern VALUE = Pattern.compile("[!-<>-~]+");

    /**
     * Deviation: blanks behind the colon and a path without brackets are let through, as people type them by hand.
     *
     * @param keyword {@code FROM} or {@code TO}
     */
    static PathArgument parse(String argument, String keyword) throws Refused {
        String head = keyword + ":";
        if (!argument.regionMatches(true, 0, head, 0, head.length())) {
            throw syntax("Syntax: " + ("FROM".equals(keyword) ? "MAIL" : "RCPT") + " " + head + "<address>");
        }
        String rest = argument.substring(head.length()).strip();
        int end = rest.startsWith("<") ? closingBracket(rest) : firstBlank(rest);
        if (end <= 0) {
            throw syntax("Syntax error in the path");
        }
        boolean bracketed = rest.startsWith("<");
        String path = bracketed ? rest.substring(1, end) : rest.substring(0, end);
        String parameters = rest.substring(bracketed ? end + 1 : end);
        if (!parameters.isEmpty() && parameters.charAt(0) != ' ') {
            throw syntax("Syntax error behind the path");
        }
        return new PathArgument(path, parseParameters(parameters));
    }

    private static int firstBlank(String text) {
        int blank = text.indexOf(' ');
        return blank < 0 ? text.length() : blank;
    }

    private static int closingBracket(String text) {
        boolean quoted = false;
        for (int i = 1; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quoted && c == '\\') {
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == '>' && !quoted) {
                return i;
            }
        }
        return -1;
    }

    private static Map<String, String> parseParameters(String text) throws Refused {
        Map<String, String> parameters = new LinkedHashMap<>();
        for (String word : text.strip().split(" +")) {
            if (word.isEmpty()) {
                continue;
            }
            int equals = word.indexOf('=');
            String keyword = equals < 0 ? word : word.substring(0, equals);
            String value = equals < 0 ? "" : word.substring(equals + 1);
            boolean ok = KEYWORD.matcher(keyword).matches()
                    && (equals < 0 || VALUE.matcher(value).matches());
            if (!ok || parameters.put(keyword.toUpperCase(Locale.ROOT), value) != null) {
                throw syntax("Syntax error in the parameters");
            }
        }
        return parameters;
    }

    private static Refused syntax(String text) {
        return new Refused(501, "5.5.4", text);
    }
}
