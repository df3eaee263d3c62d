package org.relais.chain.claim;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.relais.chain.claim.CommitFailedException.Kind;
import org.relais.spool.Changes;
import org.relais.spool.Receipt;
import org.relais.spool.Spool;
import org.relais.spool.SpoolException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commits steps and waits for them: tried again while the spool is full or busy, for a bounded time. An interrupt does
 * not end the wait, for then nobody would know whether the step was made; it is kept for whoever waits next.
 *
 * <p>Safe for use by many threads. Blocks.
 */
public final class Commits {
    private static final Logger LOGGER = LoggerFactory.getLogger(Commits.class);
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(60);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);
    private static final int MOST_DOUBLINGS = 10;

    private final Spool spool;
    private final Patience patience;

    /**
     * How long a refusal is borne.
     *
     * @param tries at least 1
     * @param pause before the second; each one after that takes twice as long, up to ten seconds
     */
    public record Patience(int tries, Duration pause) {
        /** About half a minute. */
        public static final Patience STANDARD = new Patience(8, Duration.ofMillis(200));

        public Patience {
            if (tries < 1 || pause.isNegative()) {
                throw new IllegalArgumentException("tries must be at least 1 and pause not negative");
            }
        }

        Duration pauseAfter(int tries) {
            Duration next = pause.multipliedBy(1L << Math.min(tries - 1, MOST_DOUBLINGS));
            return next.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : next;
        }
    }

    public Commits(Spool spool, Patience patience) {
        this.spool = spool;
        this.patience = patience;
    }

    /**
     * @param step makes the changes anew for each try
     * @throws CommitFailedException if it was not made, or if nobody knows
     */
    public Receipt commit(Supplier<Changes> step) {
        for (int tries = 1; ; tries++) {
            try {
                return attempt(step.get());
            } catch (SpoolException.Full | SpoolException.Busy e) {
                if (tries >= patience.tries()) {
                    throw new CommitFailedException(
                            Kind.REFUSED, "the spool did not take a step: " + e.getMessage(), e);
                }
                LOGGER.warn("the spool does not take a step, which is tried again: {}", e.getMessage());
                pause(patience.pauseAfter(tries));
            } catch (SpoolException.Broken | SpoolException.Closed e) {
                throw new CommitFailedException(Kind.BROKEN, "the spool takes no steps: " + e.getMessage(), e);
            } catch (SpoolException e) {
                throw new CommitFailedException(Kind.LOST, "a step was not made: " + e.getMessage(), e);
            }
        }
    }

    private Receipt attempt(Changes changes) throws SpoolException {
        CompletableFuture<Receipt> done = spool.commit(changes).toCompletableFuture();
        spool.flush();
        long deadline = System.nanoTime() + ANSWER_WITHIN.toNanos();
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return done.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SpoolException refused) {
                throw refused;
            }
            throw new CommitFailedException(Kind.LOST, "the spool failed at a step", e);
        } catch (TimeoutException e) {
            throw new CommitFailedException(
                    Kind.LOST, "the spool did not answer within " + ANSWER_WITHIN + ": see its disk", e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** An interrupt shortens the pauses, not the tries. */
    private static void pause(Duration length) {
        try {
            TimeUnit.NANOSECONDS.sleep(length.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
