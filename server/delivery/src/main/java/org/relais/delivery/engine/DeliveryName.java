package org.relais.delivery.engine;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * What tells the deliveries of a chain apart, and finds them again after a restart.
 *
 * @param queue as the chain calls it
 * @param fingerprint of the other parameters
 */
public record DeliveryName(String queue, String fingerprint) {
    private static final char BETWEEN = '#';
    private static final int FINGERPRINT_OCTETS = 6;

    /** {@code parameters} without secrets: the fingerprint is kept with each envelope. */
    public static DeliveryName of(String queue, Map<String, String> parameters) {
        List<String> lines = new ArrayList<>();
        parameters.forEach((name, value) -> lines.add(name + "=" + value));
        Collections.sort(lines);
        byte[] digest = sha256().digest(String.join("\n", lines).getBytes(StandardCharsets.UTF_8));
        return new DeliveryName(queue, HexFormat.of().formatHex(digest, 0, FINGERPRINT_OCTETS));
    }

    /** Reads what {@link #text} wrote; what it did not write is the name of a queue. */
    public static DeliveryName parse(String text) {
        int at = text.lastIndexOf(BETWEEN);
        return at < 0 ? new DeliveryName(text, "") : new DeliveryName(text.substring(0, at), text.substring(at + 1));
    }

    public String text() {
        return queue + BETWEEN + fingerprint;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
