package org.relais.access.smtp;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.relais.spool.SpoolException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** From why the intake did not take a mail to what the client is told: always to try again. */
final class IntakeFailure {
    private static final Logger LOGGER = LoggerFactory.getLogger(IntakeFailure.class);

    private IntakeFailure() {}

    /** Why the stage failed; null if it did not. Asked when it is done. */
    static @Nullable Throwable of(CompletableFuture<?> done) {
        if (!done.isCompletedExceptionally()) {
            return null;
        }
        try {
            done.getNow(null);
            return null;
        } catch (CompletionException e) {
            return e.getCause() == null ? e : e.getCause();
        } catch (RuntimeException e) {
            return e;
        }
    }

    /**
     * The reply, and a line in the log. A 421 ends the session.
     *
     * @param concerned queue id or session, for the log
     */
    static Reply reply(Object concerned, Throwable failure) {
        if (failure instanceof SpoolException.Full) {
            LOGGER.warn("{}: not taken, the spool has no room: {}", concerned, failure.getMessage());
            return Reply.of(452, "4.3.1", "Insufficient system storage");
        } else if (failure instanceof SpoolException.Busy) {
            LOGGER.warn("{}: not taken, the disk is behind: {}", concerned, failure.getMessage());
            return Reply.of(451, "4.3.2", "System is busy, try again later");
        } else if (failure instanceof SpoolException.Broken || failure instanceof SpoolException.Closed) {
            // The spool itself has told, once, what the operator has to do.
            LOGGER.warn("{}: not taken, the spool accepts nothing: {}", concerned, failure.getMessage());
            return Reply.of(421, "4.3.0", "Local problem, closing connection");
        }
        LOGGER.error("{}: not taken; the client was told to try again", concerned, failure);
        return Reply.of(451, "4.3.0", "Local problem, try again later");
    }
}
