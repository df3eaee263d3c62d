package org.relais.store.directory;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Makes password records, and tells a right password from a wrong one without telling an unknown user from a known one by time.
 *
 * <p>A success is remembered for five minutes, as a keyed hash of record and password: the next POP3 poll does not pay
 * for PBKDF2 again, no password is kept, and a changed record does not match what is remembered. Safe for use by many
 * threads.
 */
public final class Passwords {
    private static final int REMEMBERED = 10_000;
    private static final Duration REMEMBERED_FOR = Duration.ofMinutes(5);
    private static final String MAC = "HmacSHA256";

    private final int iterations;
    private final String recordOfNobody;
    private final SecretKeySpec key;
    private final Cache<String, Boolean> successes = Caffeine.newBuilder()
            .maximumSize(REMEMBERED)
            .expireAfterWrite(REMEMBERED_FOR)
            .build();

    public Passwords() {
        this(PasswordRecord.ITERATIONS);
    }

    /** @param iterations of PBKDF2 for new records; stored ones carry their own */
    public Passwords(int iterations) {
        this.iterations = iterations;
        this.recordOfNobody = PasswordRecord.ofNobody(iterations);
        byte[] secret = new byte[32];
        new SecureRandom().nextBytes(secret);
        this.key = new SecretKeySpec(secret, MAC);
    }

    /** What to store for {@code password}; another text each time, because of its salt. */
    public String newRecord(String password) {
        return PasswordRecord.of(password, iterations);
    }

    /** @param record the user's password record; empty for an unknown user, which costs as much and is never right */
    public boolean isRight(Optional<String> record, String password) {
        if (record.isEmpty()) {
            PasswordRecord.matches(recordOfNobody, password);
            return false;
        }
        String fingerprint = fingerprint(record.get(), password);
        if (successes.getIfPresent(fingerprint) != null) {
            return true;
        }
        boolean right = PasswordRecord.matches(record.get(), password);
        if (right) {
            successes.put(fingerprint, Boolean.TRUE);
        }
        return right;
    }

    private String fingerprint(String record, String password) {
        try {
            Mac mac = Mac.getInstance(MAC);
            mac.init(key);
            mac.update(record.getBytes(StandardCharsets.UTF_8));
            mac.update((byte) 0);
            return Base64.getEncoder().encodeToString(mac.doFinal(password.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + MAC, e);
        }
    }
}
