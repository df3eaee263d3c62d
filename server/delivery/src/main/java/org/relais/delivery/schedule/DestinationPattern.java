package org.relais.delivery.schedule;

import java.util.Locale;

/**
 * Names destinations: {@code example.org}, {@code *.example.org} (what is below it, not itself), {@code *} (all),
 * {@code smtp://smart.example.net:587}. A star stands for any characters; case does not matter. Matching takes time in
 * proportion to the product of both lengths at worst.
 */
public record DestinationPattern(String text) {
    public static final int MAX_LENGTH = 1000;

    public DestinationPattern {
        text = text.strip().toLowerCase(Locale.ROOT);
        if (text.isEmpty() || text.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("a pattern has 1 to " + MAX_LENGTH + " characters");
        }
    }

    public boolean matches(String name) {
        String subject = name.toLowerCase(Locale.ROOT);
        int at = 0;
        int in = 0;
        int star = -1;
        int resume = 0;
        while (in < subject.length()) {
            if (at < text.length() && text.charAt(at) == '*') {
                star = at++;
                resume = in;
            } else if (at < text.length() && text.charAt(at) == subject.charAt(in)) {
                at++;
                in++;
            } else if (star >= 0) {
                at = star + 1;
                in = ++resume;
            } else {
                return false;
            }
        }
        while (at < text.length() && text.charAt(at) == '*') {
            at++;
        }
        return at == text.length();
    }

    @Override
    public String toString() {
        return text;
    }
}
