package org.relais.administration.http;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The token that opens the administration (RFC 6750, the header form only). Kept as its SHA-256, so that the comparison
 * takes the same time whatever is sent and however long it is. Immutable; never printed.
 */
public final class BearerToken {
    private static final int MIN_LENGTH = 32;
    private static final String SCHEME = "bearer ";

    private final byte[] digest;

    /** Takes the token as the home's file holds it, at least 32 characters. */
    public BearerToken(String token) {
        if (token.length() < MIN_LENGTH) {
            throw new IllegalArgumentException("the administration token is shorter than " + MIN_LENGTH
                    + " characters: remove its file and make a new home, or write a longer one");
        }
        this.digest = digest(token);
    }

    /** Whether this value of the field {@code Authorization} carries the token. */
    public boolean isIn(@Nullable String authorization) {
        if (authorization == null || !authorization.toLowerCase(Locale.ROOT).startsWith(SCHEME)) {
            return false;
        }
        return MessageDigest.isEqual(digest, digest(authorization.substring(SCHEME.length())));
    }

    private static byte[] digest(String token) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return "BearerToken[****]";
    }
}
