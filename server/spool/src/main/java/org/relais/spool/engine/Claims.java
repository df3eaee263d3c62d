package org.relais.spool.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.LongFunction;
import org.relais.spool.Changes;
import org.relais.spool.Changes.Change;
import org.relais.spool.Claim;
import org.relais.spool.Envelope;
import org.relais.spool.EnvelopeId;
import org.relais.spool.Spool;
import org.relais.spool.SpoolException;
import org.relais.spool.SpoolTime;
import org.relais.spool.Stage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands envelopes out and takes them back. An envelope is marked in the index first, under the lock, then read without
 * it, for that may touch the disk; so nobody else gets it meanwhile. Safe for use by many threads.
 */
final class Claims {
    private static final Logger LOGGER = LoggerFactory.getLogger(Claims.class);
    private static final int AT_ONCE = 4096;

    private final SpoolState state;
    private final SpoolReader reader;
    private final SpoolTime time;
    private final BooleanSupplier canEnd;

    /** @param canEnd ends of envelopes can be written: else nothing is handed out for delivery */
    Claims(SpoolState state, SpoolReader reader, SpoolTime time, BooleanSupplier canEnd) {
        this.state = state;
        this.reader = reader;
        this.time = time;
        this.canEnd = canEnd;
    }

    /** Checks all claims of a step and marks them, or none. */
    void mark(Step step, Changes changes) throws SpoolException.ClaimLost {
        Instant now = time.instant();
        state.lock().lock();
        try {
            for (Change change : changes.list()) {
                if (change instanceof Change.Share share) {
                    step.pinned().add(state.holdings().require(share.holder(), now));
                }
                for (Claim claim : ended(change)) {
                    step.ending().add(state.holdings().requireToEnd(claim, now));
                }
            }
            step.pinned().forEach(state.holdings()::pin);
            step.ending().forEach(state.holdings()::startEnding);
        } finally {
            state.lock().unlock();
        }
    }

    private static List<Claim> ended(Change change) {
        if (change instanceof Change.Create create) {
            return create.moved().stream().map(Change.Update::claim).toList();
        } else if (change instanceof Change.Update update) {
            return List.of(update.claim());
        } else if (change instanceof Change.Remove remove) {
            return List.of(remove.claim());
        } else if (change instanceof Change.Restore restore) {
            return List.of(restore.claim());
        }
        return List.of();
    }

    /** See {@link org.relais.spool.Spool#claim(Stage, int, Duration)}. */
    List<Claim> due(Stage stage, int atMost, Duration lease) {
        if (!isOpen(stage)) {
            return List.of();
        }
        return take(lease, now -> state.index().claimDue(stage, atMost, Spool.MOST_TOGETHER, now));
    }

    /** See {@link Spool#claimParked}. */
    List<Claim> parked(long lane, int atMost, Duration lease) {
        if (!isOpen(Stage.DELIVERY)) {
            return List.of();
        }
        return take(lease, now -> state.index().claimParked(lane, atMost, Spool.MOST_TOGETHER));
    }

    private boolean isOpen(Stage stage) {
        return stage != Stage.DELIVERY || canEnd.getAsBoolean();
    }

    private List<Claim> take(Duration lease, LongFunction<List<Long>> marking) {
        Instant now = time.instant();
        List<Claim> claims = new ArrayList<>();
        List<Long> taken;
        state.lock().lock();
        try {
            expire(now);
            if (state.isHoldingAll()) {
                return List.of();
            }
            taken = marking.apply(now.toEpochMilli());
        } finally {
            state.lock().unlock();
        }
        int held = 0;
        try {
            for (; held < taken.size(); held++) {
                hold(taken.get(held), now.plus(lease)).ifPresent(claims::add);
            }
        } finally {
            // After a fault: nobody holds them, and nobody would give them back.
            taken.subList(held, taken.size()).forEach(this::undo);
            if (held < taken.size()) {
                claims.forEach(this::release);
            }
        }
        return claims;
    }

    /** Reads an envelope that the index marks as claimed, and makes the claim. A damaged one is set aside. */
    private Optional<Claim> hold(long id, Instant until) {
        try {
            Optional<Envelope> envelope = reader.envelope(id);
            return envelope.map(found -> add(found, until));
        } catch (SpoolException.Damaged e) {
            return Optional.empty();
        } catch (SpoolException e) {
            LOGGER.error("envelope {} cannot be read now and will be tried again", id, e);
            undo(id);
            return Optional.empty();
        }
    }

    private Claim add(Envelope envelope, Instant until) {
        state.lock().lock();
        try {
            return state.holdings().add(envelope, until);
        } finally {
            state.lock().unlock();
        }
    }

    /** Takes back a mark of the index for which no claim was made. */
    void undo(long id) {
        state.lock().lock();
        try {
            state.index().release(id);
            state.signalChange();
        } finally {
            state.lock().unlock();
        }
    }

    /** That envelope, wherever it stands. */
    Optional<Claim> one(EnvelopeId id, Duration lease) {
        Instant now = time.instant();
        state.lock().lock();
        try {
            expire(now);
            if (!state.index().claim(id.value())) {
                return Optional.empty();
            }
        } finally {
            state.lock().unlock();
        }
        boolean isOver = false;
        try {
            Optional<Claim> claim = hold(id.value(), now.plus(lease));
            isOver = true;
            return claim;
        } finally {
            if (!isOver) {
                undo(id.value());
            }
        }
    }

    Optional<Claim> renew(Claim claim, Duration lease) {
        Instant now = time.instant();
        state.lock().lock();
        try {
            return state.holdings().renew(claim, now, now.plus(lease));
        } finally {
            state.lock().unlock();
        }
    }

    void release(Claim claim) {
        state.lock().lock();
        try {
            state.holdings().find(claim).filter(holding -> !holding.isBusy()).ifPresent(holding -> {
                state.holdings().remove(holding);
                state.index().release(claim.id().value());
                state.signalChange();
            });
        } finally {
            state.lock().unlock();
        }
    }

    void park(Claim claim, long lane) {
        Instant now = time.instant();
        state.lock().lock();
        try {
            state.holdings().findIdle(claim, now).ifPresent(holding -> {
                state.holdings().remove(holding);
                boolean isParked = state.index().park(claim.id().value(), lane, now.toEpochMilli());
                if (!isParked) {
                    state.signalChange();
                }
            });
        } finally {
            state.lock().unlock();
        }
    }

    int parked(long lane) {
        state.lock().lock();
        try {
            return state.index().parked(lane);
        } finally {
            state.lock().unlock();
        }
    }

    /** In pieces, so that nobody waits for long; what is parked there meanwhile may stay. */
    void unpark(long lane) {
        for (int left = parked(lane); left > 0; left -= AT_ONCE) {
            state.lock().lock();
            try {
                state.index().unpark(lane, Math.min(left, AT_ONCE));
                state.signalChange();
            } finally {
                state.lock().unlock();
            }
        }
    }

    boolean awaitDue(Stage stage, Duration atMost) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        state.lock().lockInterruptibly();
        try {
            while (true) {
                long now = time.millis();
                expire(Instant.ofEpochMilli(now));
                if (!state.isHoldingAll() && isOpen(stage) && state.index().isDue(stage, now)) {
                    return true;
                }
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    return false;
                }
                long untilDue = Math.max(1, Math.min(1000, state.index().nextDue(stage) - now));
                state.awaitChange(Duration.ofNanos(Math.min(left, untilDue * 1_000_000)));
            }
        } finally {
            state.lock().unlock();
        }
    }

    /** Ends the leases that are over. Under the state's lock. */
    void expire(Instant now) {
        state.holdings().expire(now, state.index()::release);
    }
}
