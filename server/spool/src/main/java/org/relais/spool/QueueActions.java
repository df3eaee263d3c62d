package org.relais.spool;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;

/**
 * What an operator does to envelopes, in terms of the contract. An envelope that is being worked on is left alone
 * ({@link Result#BUSY}): its holder decides what becomes of it. Safe for use by many threads.
 */
public final class QueueActions {
    private static final Duration LEASE = Duration.ofMinutes(1);

    private final Spool spool;

    public QueueActions(Spool spool) {
        this.spool = spool;
    }

    public enum Result {
        DONE,
        /** It was so before. */
        UNCHANGED,
        /** Somebody works on it: ask again in a moment. */
        BUSY,
        NOT_FOUND
    }

    public CompletionStage<Result> hold(EnvelopeId id) {
        return update(id, details -> details.withHeld(true));
    }

    public CompletionStage<Result> release(EnvelopeId id) {
        return update(id, details -> details.withHeld(false));
    }

    /** Makes it due now. What is held stays held. */
    public CompletionStage<Result> retry(EnvelopeId id) {
        return update(id, details -> details.withNextAttempt(Instant.EPOCH));
    }

    public CompletionStage<Result> remove(EnvelopeId id) {
        return withClaim(id, claim -> {
            if (claim.envelope().isRemoved()) {
                return Optional.empty();
            }
            return Optional.of(new Changes().remove(claim, Disposition.REMOVED));
        });
    }

    /** Undoes {@link #remove}. It is due at once, or held if it was. */
    public CompletionStage<Result> restore(EnvelopeId id) {
        return withClaim(id, claim -> {
            if (!claim.envelope().isRemoved()) {
                return Optional.empty();
            }
            return Optional.of(
                    new Changes().restore(claim, claim.envelope().details().withNextAttempt(Instant.EPOCH)));
        });
    }

    private CompletionStage<Result> update(EnvelopeId id, UnaryOperator<EnvelopeDetails> change) {
        return withClaim(id, claim -> {
            EnvelopeDetails changed = change.apply(claim.envelope().details());
            if (claim.envelope().isRemoved() || changed.equals(claim.envelope().details())) {
                return Optional.empty();
            }
            return Optional.of(new Changes().update(claim, changed));
        });
    }

    private interface Step {
        Optional<Changes> of(Claim claim);
    }

    private CompletionStage<Result> withClaim(EnvelopeId id, Step step) {
        Optional<Claim> claim;
        try {
            claim = spool.claim(id, LEASE);
            if (claim.isEmpty()) {
                return CompletableFuture.completedStage(spool.find(id).isPresent() ? Result.BUSY : Result.NOT_FOUND);
            }
        } catch (SpoolException e) {
            return CompletableFuture.failedStage(e);
        }
        Optional<Changes> changes = step.of(claim.get());
        if (changes.isEmpty()) {
            spool.release(claim.get());
            return CompletableFuture.completedStage(Result.UNCHANGED);
        }
        CompletionStage<Result> done = spool.commit(changes.get())
                .thenApply(receipt -> Result.DONE)
                .whenComplete((result, failure) -> {
                    if (failure != null) {
                        spool.release(claim.get());
                    }
                });
        spool.flush();
        return done;
    }
}
