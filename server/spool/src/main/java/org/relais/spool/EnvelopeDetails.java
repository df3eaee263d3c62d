package org.relais.spool;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.relais.model.QueueId;

/**
 * The part of an envelope that its holder decides: given when it is made, given again at each update.
 *
 * @param reversePath without angle brackets; empty is the null reverse-path
 * @param forwardPath without angle brackets
 * @param priority 0 (last) to 9 (first); 5 is the usual one
 * @param attempts delivery attempts so far
 * @param nextAttempt in the spool's time ({@link Spool#now()}); an instant that is past means "at once"
 * @param held neither chain nor delivery gets it before it is released
 * @param reason the outcome of the last attempt, for people; what exceeds {@value #MAX_REASON} characters is cut
 */
public record EnvelopeDetails(
        QueueId queueId,
        String reversePath,
        String forwardPath,
        Stage stage,
        int priority,
        int attempts,
        Instant nextAttempt,
        boolean held,
        String reason,
        OpaqueState state) {
    public static final int MAX_PATH_BYTES = 4096;
    public static final int MAX_REASON = 1024;
    public static final int USUAL_PRIORITY = 5;
    public static final int HIGHEST_PRIORITY = 9;

    public EnvelopeDetails {
        checkPath("reverse-path", reversePath);
        checkPath("forward-path", forwardPath);
        if (priority < 0 || priority > HIGHEST_PRIORITY) {
            throw new IllegalArgumentException("priority must be 0 to 9, was " + priority);
        }
        if (attempts < 0) {
            throw new IllegalArgumentException("attempts must not be negative, was " + attempts);
        }
        if (reason.length() > MAX_REASON) {
            reason = reason.substring(0, MAX_REASON);
        }
    }

    /** Due at once, of usual priority, never attempted. */
    public static EnvelopeDetails of(QueueId queueId, String reversePath, String forwardPath, Stage stage) {
        return new EnvelopeDetails(
                queueId,
                reversePath,
                forwardPath,
                stage,
                USUAL_PRIORITY,
                0,
                Instant.EPOCH,
                false,
                "",
                OpaqueState.EMPTY);
    }

    /** What follows the last {@code @} of the forward-path; empty if there is none. */
    public String forwardDomain() {
        return forwardPath.substring(forwardPath.lastIndexOf('@') + 1);
    }

    public EnvelopeDetails withStage(Stage changed) {
        return copy(changed, priority, attempts, nextAttempt, held, reason, state);
    }

    public EnvelopeDetails withPriority(int changed) {
        return copy(stage, changed, attempts, nextAttempt, held, reason, state);
    }

    public EnvelopeDetails withNextAttempt(Instant changed) {
        return copy(stage, priority, attempts, changed, held, reason, state);
    }

    /** One attempt more than before, the next one at {@code next}, because of {@code why}. */
    public EnvelopeDetails deferred(Instant next, String why) {
        return copy(stage, priority, attempts + 1, next, held, why, state);
    }

    public EnvelopeDetails withHeld(boolean changed) {
        return copy(stage, priority, attempts, nextAttempt, changed, reason, state);
    }

    public EnvelopeDetails withReason(String changed) {
        return copy(stage, priority, attempts, nextAttempt, held, changed, state);
    }

    public EnvelopeDetails withState(OpaqueState changed) {
        return copy(stage, priority, attempts, nextAttempt, held, reason, changed);
    }

    public EnvelopeDetails withForwardPath(String changed) {
        return new EnvelopeDetails(
                queueId, reversePath, changed, stage, priority, attempts, nextAttempt, held, reason, state);
    }

    public EnvelopeDetails withReversePath(String changed) {
        return new EnvelopeDetails(
                queueId, changed, forwardPath, stage, priority, attempts, nextAttempt, held, reason, state);
    }

    private EnvelopeDetails copy(
            Stage stage,
            int priority,
            int attempts,
            Instant nextAttempt,
            boolean held,
            String reason,
            OpaqueState state) {
        return new EnvelopeDetails(
                queueId, reversePath, forwardPath, stage, priority, attempts, nextAttempt, held, reason, state);
    }

    private static void checkPath(String name, String path) {
        // Three bytes a char is the most that UTF-8 takes, so that most paths need no encoding to be judged.
        if (path.length() * 3 > MAX_PATH_BYTES && path.getBytes(StandardCharsets.UTF_8).length > MAX_PATH_BYTES) {
            throw new IllegalArgumentException(name + " must be at most " + MAX_PATH_BYTES + " bytes");
        }
    }
}
