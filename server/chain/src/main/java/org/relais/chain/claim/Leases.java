package org.relais.chain.claim;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.relais.spool.Claim;
import org.relais.spool.Spool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps claims from running out while their mails are in work, however long a mailet takes: one thread renews them
 * three times a lease. Should this process hang as a whole, they run out. Safe for use by many threads.
 */
public final class Leases implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(Leases.class);
    private static final int RENEWALS = 3;

    private final Spool spool;
    private final Duration lease;
    private final Set<Hold> holds = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService thread;

    public Leases(Spool spool, Duration lease, ThreadFactory threads) {
        this.spool = spool;
        this.lease = lease;
        this.thread = Executors.newSingleThreadScheduledExecutor(threads);
        long period = Math.max(1, lease.toMillis() / RENEWALS);
        thread.scheduleWithFixedDelay(this::renewAll, period, period, TimeUnit.MILLISECONDS);
    }

    public Duration lease() {
        return lease;
    }

    /** Renews {@code claims} from now on. */
    public Hold hold(Collection<Claim> claims) {
        Hold hold = new Hold(List.copyOf(claims));
        holds.add(hold);
        return hold;
    }

    /** Renewing goes on until this is closed; the claims do not end by that. */
    public final class Hold implements AutoCloseable {
        private volatile List<Claim> claims;

        private Hold(List<Claim> claims) {
            this.claims = claims;
        }

        /** Those that ended need no second look. */
        private void renew() {
            claims = claims.stream()
                    .filter(claim -> spool.renew(claim, lease).isPresent())
                    .toList();
        }

        @Override
        public void close() {
            holds.remove(this);
        }
    }

    private void renewAll() {
        for (Hold hold : holds) {
            try {
                hold.renew();
            } catch (RuntimeException e) {
                LOGGER.error("claims could not be renewed; they may run out while their mails are in work", e);
            }
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
