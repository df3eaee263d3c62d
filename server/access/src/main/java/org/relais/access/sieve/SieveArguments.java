package org.relais.access.sieve;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The words of one command: atoms, numbers, quoted strings and literals (RFC 5804 §4). Strings are UTF-8.
 *
 * @param name the first word in upper case; empty if the command begins with a string
 */
record SieveArguments(String name, List<String> values) {

    /** What cannot be parsed. */
    static final class SyntaxException extends Exception {
        private static final long serialVersionUID = 1L;

        SyntaxException(String message) {
            super(message);
        }
    }

    static SieveArguments parse(String command) throws SyntaxException {
        return new Parser(command).parse();
    }

    /** The arguments if there are as many as wanted. */
    List<String> exactly(int count) throws SyntaxException {
        if (values.size() != count) {
            throw new SyntaxException(name + " takes " + count + " arguments");
        }
        return values;
    }

    private static final class Parser {
        private final String text;
        private int at;

        Parser(String text) {
            this.text = text;
        }

        SieveArguments parse() throws SyntaxException {
            var words = new ArrayList<String>();
            skipSpace();
            var name = at < text.length() && text.charAt(at) != '"' && text.charAt(at) != '{' ? atom() : "";
            skipSpace();
            while (at < text.length()) {
                words.add(word());
                if (at < text.length() && text.charAt(at) != ' ') {
                    throw new SyntaxException("A space is missing between arguments");
                }
                skipSpace();
            }
            return new SieveArguments(name.toUpperCase(Locale.ROOT), List.copyOf(words));
        }

        private String word() throws SyntaxException {
            return switch (text.charAt(at)) {
                case '"' -> quoted();
                case '{' -> literal();
                default -> atom();
            };
        }

        private String atom() {
            int end = text.indexOf(' ', at);
            var atom = text.substring(at, end < 0 ? text.length() : end);
            at += atom.length();
            return atom;
        }

        private String quoted() throws SyntaxException {
            var octets = new StringBuilder();
            for (at++; at < text.length(); at++) {
                char octet = text.charAt(at);
                if (octet == '"') {
                    at++;
                    return utf8(octets.toString());
                }
                if (octet == '\\' && ++at < text.length()) {
                    octet = text.charAt(at);
                }
                octets.append(octet);
            }
            throw new SyntaxException("A quote is missing");
        }

        private String literal() throws SyntaxException {
            int end = text.indexOf("}\r\n", at);
            if (end < 0 || text.charAt(end - 1) != '+') {
                throw new SyntaxException("Literals have the form {n+}");
            }
            int start = end + 3;
            // The framing has seen to it that the number is one and that so many octets follow.
            int octets = Integer.parseInt(text, at + 1, end - 1, 10);
            at = start + octets;
            return utf8(text.substring(start, at));
        }

        private void skipSpace() {
            while (at < text.length() && text.charAt(at) == ' ') {
                at++;
            }
        }

        private static String utf8(String octets) {
            return new String(octets.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
        }
    }
}
