package org.relais.spool.james;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.relais.spool.Claim;
import org.relais.spool.Spool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Renews the leases of mails that are out, as long as somebody can still end them: an item of a queue that was dropped
 * without a word gives its mail back. Safe for use by many threads.
 */
final class ClaimKeeper implements AutoCloseable {
    static final Duration LEASE = Duration.ofMinutes(10);
    private static final Duration PERIOD = LEASE.dividedBy(5);
    private static final Logger LOGGER = LoggerFactory.getLogger(ClaimKeeper.class);

    private final Set<HeldClaims> all = ConcurrentHashMap.newKeySet();
    private final ScheduledFuture<?> renewal;
    private volatile boolean isClosed;

    ClaimKeeper(ScheduledExecutorService timer) {
        this.renewal = timer.scheduleWithFixedDelay(
                this::renewAll, PERIOD.toMillis(), PERIOD.toMillis(), TimeUnit.MILLISECONDS);
    }

    HeldClaims keep(Spool spool, List<Claim> claims, Object owner) {
        HeldClaims held = new HeldClaims(spool, claims, owner);
        all.add(held);
        return held;
    }

    void forget(HeldClaims held) {
        all.remove(held);
    }

    boolean isClosed() {
        return isClosed;
    }

    /** A boundary: a task of the timer that throws is not run again. */
    void renewAll() {
        for (HeldClaims held : all) {
            try {
                if (held.isForgotten()) {
                    LOGGER.warn("a mail was taken from a queue and neither done nor given back: it is due again");
                    forget(held);
                    held.release();
                } else if (!held.renew()) {
                    LOGGER.warn("the lease of a mail that was taken from a queue ended: it may be done twice");
                    forget(held);
                }
            } catch (RuntimeException e) {
                LOGGER.error("a lease was not renewed and will be tried again", e);
            }
        }
    }

    @Override
    public void close() {
        isClosed = true;
        renewal.cancel(false);
        all.forEach(HeldClaims::release);
        all.clear();
    }
}
