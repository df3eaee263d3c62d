package org.relais.spool.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.relais.spool.Claim;
import org.relais.spool.Envelope;
import org.relais.spool.SpoolException;

/** Who holds which envelope. Not safe for use by several threads: the engine's lock guards it. */
final class Holdings {
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

    private final Map<Long, Holding> byId = new HashMap<>();
    private long lastToken;
    private Instant nextLook = Instant.MIN;

    /** A claim and what is under way with it. */
    static final class Holding {
        private Claim claim;
        /** A step that ends or renews it is on its way to the disk. */
        private boolean isEnding;
        /** Steps on their way that only need it to be there. */
        private int pins;

        private Holding(Claim claim) {
            this.claim = claim;
        }

        Claim claim() {
            return claim;
        }

        boolean isBusy() {
            return isEnding || pins > 0;
        }
    }

    Claim add(Envelope envelope, Instant until) {
        Claim claim = new Claim(envelope, ++lastToken, until);
        byId.put(envelope.id().value(), new Holding(claim));
        return claim;
    }

    Optional<Holding> find(Claim claim) {
        Holding holding = byId.get(claim.id().value());
        return holding == null || holding.claim.token() != claim.token() ? Optional.empty() : Optional.of(holding);
    }

    /** The holding of a claim that goes on and with which nothing is under way. */
    Optional<Holding> findIdle(Claim claim, Instant now) {
        return find(claim).filter(holding -> !holding.isBusy() && !isOver(holding, now));
    }

    /** The holding of a claim that may be changed now: it is there, its lease too, and no step is about to end it. */
    Holding require(Claim claim, Instant now) throws SpoolException.ClaimLost {
        Optional<Holding> holding = find(claim);
        if (holding.isEmpty() || holding.get().isEnding || isOver(holding.get(), now)) {
            throw new SpoolException.ClaimLost("the claim on " + claim.id() + " ended before");
        }
        return holding.get();
    }

    /**
     * As {@link #require}, of a claim that is to end: not before a share of its message is on disk, for if that failed
     * and the end did not, a mail would be lost.
     */
    Holding requireToEnd(Claim claim, Instant now) throws SpoolException.ClaimLost {
        Holding holding = require(claim, now);
        if (holding.pins > 0) {
            throw new SpoolException.ClaimLost("a step that shares the message of " + claim.id()
                    + " is on its way: put both into one step, or wait");
        }
        return holding;
    }

    void startEnding(Holding holding) {
        holding.isEnding = true;
    }

    void pin(Holding holding) {
        holding.pins++;
    }

    void unpin(Holding holding) {
        holding.pins--;
    }

    /** The step failed: the claim goes on as before. */
    void undoEnding(Holding holding) {
        holding.isEnding = false;
    }

    void keep(Holding holding, Claim renewed) {
        holding.claim = renewed;
        holding.isEnding = false;
    }

    void remove(Holding holding) {
        byId.remove(holding.claim.id().value(), holding);
    }

    Optional<Claim> renew(Claim claim, Instant now, Instant until) {
        return find(claim).filter(holding -> !isOver(holding, now)).map(holding -> {
            holding.claim = new Claim(holding.claim.envelope(), holding.claim.token(), until);
            return holding.claim;
        });
    }

    /** Ends what is over; looks at most once a second, for it looks at all. */
    void expire(Instant now, LongConsumer ended) {
        if (now.isBefore(nextLook)) {
            return;
        }
        nextLook = now.plus(BETWEEN_LOOKS);
        byId.values().removeIf(holding -> {
            boolean isOver = isOver(holding, now) && !holding.isBusy();
            if (isOver) {
                ended.accept(holding.claim.id().value());
            }
            return isOver;
        });
    }

    int size() {
        return byId.size();
    }

    private static boolean isOver(Holding holding, Instant now) {
        return !holding.claim.until().isAfter(now);
    }
}
