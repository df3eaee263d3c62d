package org.relais.spool.james;

import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.relais.spool.Changes;
import org.relais.spool.Receipt;
import org.relais.spool.Spool;
import org.relais.spool.SpoolException;

/** Waits for the spool, on threads that may block, but not for ever. */
final class SpoolWait {
    /** Longer than the spool itself lets a commit wait, so that its own answer is heard first. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private SpoolWait() {}

    static Receipt commit(Spool spool, Changes changes) throws SpoolException {
        CompletionStage<Receipt> commit = spool.commit(changes);
        spool.flush();
        return on(commit);
    }

    /** The result of {@code stage}, or the exception of the spool that it failed with. */
    static <T> T on(CompletionStage<T> stage) throws SpoolException {
        try {
            return stage.toCompletableFuture().get(PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw cause(e);
        } catch (TimeoutException e) {
            throw new SpoolException.Busy("the spool has not answered within " + PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SpoolException.Busy("interrupted while waiting for the spool");
        }
    }

    private static SpoolException cause(Throwable failure) {
        Throwable cause = failure;
        while ((cause instanceof ExecutionException || cause instanceof CompletionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof SpoolException ofSpool) {
            return ofSpool;
        }
        throw new IllegalStateException("the spool failed in an unknown way", failure);
    }
}
