package org.relais.model;

import java.nio.charset.StandardCharsets;

/** Text in the form {@code xtext} of RFC 3461 §4: printable US-ASCII, all else as {@code +} and two capital hexadecimal digits. */
public final class XText {
    private static final String HEX = "0123456789ABCDEF";

    private XText() {}

    /** Whether it is {@code xtext}; the empty one is. */
    public static boolean isValid(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '+') {
                if (i + 2 >= text.length()
                        || HEX.indexOf(text.charAt(i + 1)) < 0
                        || HEX.indexOf(text.charAt(i + 2)) < 0) {
                    return false;
                }
                i += 2;
            } else if (!isPlain(c)) {
                return false;
            }
        }
        return true;
    }

    /** Octets that are no UTF-8 become replacement characters. */
    public static String decode(String text) {
        if (!isValid(text)) {
            throw new IllegalArgumentException("not xtext: " + text);
        }
        if (text.indexOf('+') < 0) {
            return text;
        }
        byte[] octets = new byte[text.length()];
        int length = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '+') {
                octets[length++] = (byte) (HEX.indexOf(text.charAt(i + 1)) << 4 | HEX.indexOf(text.charAt(i + 2)));
                i += 2;
            } else {
                octets[length++] = (byte) c;
            }
        }
        return new String(octets, 0, length, StandardCharsets.UTF_8);
    }

    public static String encode(String text) {
        StringBuilder encoded = new StringBuilder(text.length());
        for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
            if (isPlain((char) (octet & 0xFF))) {
                encoded.append((char) octet);
            } else {
                encoded.append('+').append(HEX.charAt(octet >> 4 & 0xF)).append(HEX.charAt(octet & 0xF));
            }
        }
        return encoded.toString();
    }

    private static boolean isPlain(char c) {
        return c >= '!' && c <= '~' && c != '+' && c != '=';
    }
}
