package org.relais.access.smtp;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The server's side of SASL PLAIN (RFC 4616) and LOGIN, inside AUTH (RFC 4954). */
final class AuthDialogue {
    /** @param name and password as the client sent them */
    record Credentials(String name, String password) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static final String ASKS_NAME = "VXNlcm5hbWU6";
    private static final String ASKS_PASSWORD = "UGFzc3dvcmQ6";

    private final boolean plain;
    private @Nullable String name;
    private String challenge;

    private AuthDialogue(boolean plain) {
        this.plain = plain;
        this.challenge = plain ? "" : ASKS_NAME;
    }

    static AuthDialogue of(String mechanism) throws Refused {
        switch (mechanism.toUpperCase(Locale.ROOT)) {
            case "PLAIN":
                return new AuthDialogue(true);
            case "LOGIN":
                return new AuthDialogue(false);
            default:
                throw new Refused(504, "5.5.4", "Unknown authentication mechanism");
        }
    }

    /** What to send behind 334. */
    String challenge() {
        return challenge;
    }

    /**
     * Takes a response, still in base 64.
     *
     * @return the credentials once they are complete; else the next {@link #challenge()} is due
     */
    Optional<Credentials> respond(String response) throws Refused {
        String text = decode(response);
        if (plain) {
            return Optional.of(plainCredentials(text));
        }
        if (name == null) {
            name = text;
            challenge = ASKS_PASSWORD;
            return Optional.empty();
        }
        return Optional.of(new Credentials(name, text));
    }

    private static Credentials plainCredentials(String text) throws Refused {
        String[] parts = text.split("\0", -1);
        if (parts.length != 3) {
            throw new Refused(501, "5.5.2", "Syntax error in the response");
        }
        if (!parts[0].isEmpty() && !parts[0].equals(parts[1])) {
            throw new Refused(535, "5.7.8", "Acting for somebody else is not permitted");
        }
        return new Credentials(parts[1], parts[2]);
    }

    private static String decode(String response) throws Refused {
        if ("*".equals(response)) {
            throw new Refused(501, "5.7.0", "Authentication cancelled");
        }
        try {
            // A lone "=" is the empty initial response (RFC 4954 §4).
            byte[] octets =
                    "=".equals(response) ? new byte[0] : Base64.getDecoder().decode(response);
            return new String(octets, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new Refused(501, "5.5.2", "Syntax error in the response");
        }
    }
}
