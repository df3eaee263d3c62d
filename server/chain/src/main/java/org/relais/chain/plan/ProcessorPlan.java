package org.relais.chain.plan;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** A processor: its name and its steps in order. */
public record ProcessorPlan(String name, List<StepPlan> steps) {
    private static final int FINGERPRINT_OCTETS = 12;

    public ProcessorPlan {
        steps = List.copyOf(steps);
    }

    /**
     * A short text that changes when any step from the first up to and including {@code step} changes: a mail that
     * waits in front of {@code step} may go on there only while this text is the same.
     */
    public String fingerprint(int step) {
        MessageDigest digest = sha256();
        for (StepPlan plan : steps.subList(0, Math.min(step + 1, steps.size()))) {
            digest.update(plan.declaration().getBytes(StandardCharsets.UTF_8));
            digest.update((byte) 0);
        }
        return HexFormat.of().formatHex(digest.digest(), 0, FINGERPRINT_OCTETS);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
