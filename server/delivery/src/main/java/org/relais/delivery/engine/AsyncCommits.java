package org.relais.delivery.engine;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.relais.spool.Changes;
import org.relais.spool.Receipt;
import org.relais.spool.Spool;
import org.relais.spool.SpoolException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commits steps without waiting for them: tried again while the spool is full or busy, for about half a minute. Safe for
 * use by many threads.
 */
final class AsyncCommits {
    private static final Logger LOGGER = LoggerFactory.getLogger(AsyncCommits.class);
    private static final int TRIES = 8;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);

    private final Spool spool;
    private final ScheduledExecutorService timer;

    AsyncCommits(Spool spool, ScheduledExecutorService timer) {
        this.spool = spool;
        this.timer = timer;
    }

    /**
     * Fails with what the spool said last.
     *
     * @param step makes the changes anew for each try
     */
    CompletionStage<Receipt> commit(Supplier<Changes> step) {
        CompletableFuture<Receipt> done = new CompletableFuture<>();
        attempt(step, 1, done);
        return done;
    }

    private void attempt(Supplier<Changes> step, int tries, CompletableFuture<Receipt> done) {
        CompletionStage<Receipt> committed;
        try {
            committed = spool.commit(step.get());
            spool.flush();
        } catch (RuntimeException e) {
            done.completeExceptionally(e);
            return;
        }
        committed.whenComplete((receipt, thrown) -> {
            if (thrown == null) {
                done.complete(receipt);
                return;
            }
            Throwable cause =
                    thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
            boolean isRefused = cause instanceof SpoolException.Full || cause instanceof SpoolException.Busy;
            if (!isRefused || tries == TRIES || !again(step, tries, done)) {
                done.completeExceptionally(cause);
            }
        });
    }

    private boolean again(Supplier<Changes> step, int tries, CompletableFuture<Receipt> done) {
        LOGGER.warn("the spool does not take what came of a delivery; tried again");
        try {
            timer.schedule(
                    () -> attempt(step, tries + 1, done), FIRST_PAUSE.toMillis() << (tries - 1), TimeUnit.MILLISECONDS);
            return true;
        } catch (RejectedExecutionException stopping) {
            LOGGER.debug("no further try: the server stops", stopping);
            return false;
        }
    }
}
