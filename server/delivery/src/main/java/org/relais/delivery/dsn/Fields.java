package org.relais.delivery.dsn;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.Locale;

/** Header fields and text as RFC 5322 and MIME write them: folded, in ASCII, and never more fields than were meant. */
final class Fields {
    private static final int LINE = 76;
    /** Octets of UTF-8 in one encoded word of at most 75 characters (RFC 2047 §2). */
    private static final int WORD = 45;

    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern(
                    "EEE, d MMM yyyy HH:mm:ss Z", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private final StringBuilder out = new StringBuilder();

    /** Each char an octet. */
    String text() {
        return out.toString();
    }

    static String date(Instant instant) {
        return DATE.format(instant);
    }

    /** {@code value} on one line, then folded at its blanks; what no blank divides stays whole up to 900 characters. */
    Fields add(String name, String value) {
        StringBuilder line = new StringBuilder(name).append(':');
        for (String word : oneLine(value).split(" +")) {
            for (int from = 0; from == 0 || from < word.length(); from += 900) {
                String piece = word.substring(from, Math.min(word.length(), from + 900));
                if (line.length() + 1 + piece.length() > LINE
                        && !line.toString().isBlank()
                        && line.length() > 1) {
                    out.append(line).append("\r\n");
                    line.setLength(0);
                }
                line.append(' ').append(piece);
            }
        }
        out.append(line).append("\r\n");
        return this;
    }

    Fields add(String text) {
        out.append(text);
        return this;
    }

    /** Text for people, as encoded words if it is not ASCII. */
    static String words(String text) {
        String line = oneLine(text);
        if (isAscii(line)) {
            return line;
        }
        StringBuilder words = new StringBuilder();
        StringBuilder part = new StringBuilder();
        line.codePoints().forEach(c -> {
            String next = Character.toString(c);
            if ((part + next).getBytes(UTF_8).length > WORD) {
                words.append(word(part)).append(' ');
                part.setLength(0);
            }
            part.append(next);
        });
        return words.append(word(part)).toString();
    }

    private static String word(CharSequence text) {
        return "=?utf-8?B?" + Base64.getEncoder().encodeToString(text.toString().getBytes(UTF_8)) + "?=";
    }

    static String oneLine(String text) {
        return text.replaceAll("\\p{Cntrl}+", " ").strip();
    }

    /** On one line; what is not ASCII as a question mark. */
    static String ascii(String text) {
        return oneLine(text).replaceAll("[^ -~]", "?");
    }

    static boolean isAscii(String text) {
        return text.chars().allMatch(c -> c < 128);
    }

    /** As octets, where UTF-8 may stand. */
    static String octets(String text) {
        return new String(text.getBytes(UTF_8), ISO_8859_1);
    }

    /** RFC 2045 §6.7. */
    static String quotedPrintable(String text) {
        StringBuilder all = new StringBuilder();
        for (String line : text.split("\n", -1)) {
            StringBuilder encoded = new StringBuilder();
            byte[] octets = line.getBytes(UTF_8);
            for (int i = 0; i < octets.length; i++) {
                int c = octets[i] & 0xFF;
                boolean isLast = i == octets.length - 1;
                boolean isPlain = c > ' ' && c <= '~' && c != '=' || c == ' ' && !isLast;
                String piece = isPlain ? String.valueOf((char) c) : String.format(Locale.ROOT, "=%02X", c);
                if (encoded.length() + piece.length() > LINE - 1) {
                    all.append(encoded).append("=\r\n");
                    encoded.setLength(0);
                }
                encoded.append(piece);
            }
            all.append(encoded).append("\r\n");
        }
        return all.toString();
    }
}
