package org.relais.administration.port;

import java.nio.charset.StandardCharsets;

/** A password on its way to the user base: 1 to 255 octets of UTF-8 without control characters; never printed. */
public record Password(String value) {
    private static final int MAX_OCTETS = 255; // RFC 4616: AUTH PLAIN's field

    public Password {
        if (value.isEmpty()
                || value.getBytes(StandardCharsets.UTF_8).length > MAX_OCTETS
                || value.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("not a password that every client can send");
        }
    }

    /** Takes what a person or a program gave. */
    public static Password parse(String given) throws Refusal {
        try {
            return new Password(given);
        } catch (IllegalArgumentException e) {
            throw new Refusal(
                    Refusal.Kind.INVALID,
                    given.isEmpty() ? "the password is empty" : "not a password that every client can send",
                    "1 to 255 octets without control characters");
        }
    }

    @Override
    public String toString() {
        return "****";
    }
}
