package org.relais.delivery.engine;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.relais.delivery.Outcome;
import org.relais.delivery.control.DeliveryControl;
import org.relais.delivery.control.Order;
import org.relais.model.EnhancedStatus;
import org.relais.spool.Claim;
import org.relais.spool.EnvelopeDetails;
import org.relais.spool.Spool;

/**
 * What an operator suspended. It is parked in the spool: nothing is written for it, and it is due at once when the order
 * ends. There is a lane for each order and each minute in which mails of it expire, so that those are found without a
 * look at the others. Safe for use by many threads.
 */
final class Suspensions {
    private static final EnhancedStatus UNKNOWN = new EnhancedStatus(4, 0, 0);

    private final DeliveryControl control;
    private final Spool spool;
    /** By order, then by when what is parked there expires. */
    private final Map<Long, TreeMap<Instant, Long>> lanes = new HashMap<>();
    /** Below those of the schedule, which are not negative. */
    private long nextLane = Long.MIN_VALUE;

    Suspensions(DeliveryControl control, Spool spool) {
        this.control = control;
        this.spool = spool;
    }

    /** Parks a job that is suspended. Tells whether it is. */
    boolean park(Job job) {
        Optional<Order> order = order(job);
        if (order.isEmpty()) {
            return false;
        }
        Instant now = spool.now();
        synchronized (lanes) {
            TreeMap<Instant, Long> ofOrder = lanes.computeIfAbsent(order.get().number(), any -> new TreeMap<>());
            for (Claim claim : job.claims()) {
                Instant until = expiry(job, claim, now)
                        .map(at -> at.truncatedTo(ChronoUnit.MINUTES).plus(1, ChronoUnit.MINUTES))
                        .orElse(Instant.MAX);
                spool.park(claim, ofOrder.computeIfAbsent(until, any -> nextLane++));
            }
        }
        return true;
    }

    boolean isSuspended(Job job) {
        return order(job).isPresent();
    }

    private Optional<Order> order(Job job) {
        EnvelopeDetails details = job.details();
        return control.suspension(
                job.destination().name(),
                details.reversePath(),
                details.forwardPath(),
                details.queueId().value());
    }

    /** Claims some of what was parked and has expired since. */
    List<Claim> claimExpired(int atMost, Duration lease) {
        Instant now = spool.now();
        List<Claim> claims = new ArrayList<>();
        synchronized (lanes) {
            for (TreeMap<Instant, Long> ofOrder : lanes.values()) {
                Iterator<Long> past = ofOrder.headMap(now, true).values().iterator();
                while (past.hasNext() && claims.size() < atMost) {
                    long lane = past.next();
                    claims.addAll(spool.claimParked(lane, atMost - claims.size(), lease));
                    if (spool.parked(lane) == 0) {
                        past.remove();
                    }
                }
            }
        }
        return claims;
    }

    /** Those of a job's claims that have expired by now. */
    List<Claim> expired(Job job) {
        Instant now = spool.now();
        return job.claims().stream()
                .filter(claim ->
                        expiry(job, claim, now).filter(at -> !now.isBefore(at)).isPresent())
                .toList();
    }

    /** As its last attempt ended, its next one would have. */
    private static Optional<Instant> expiry(Job job, Claim claim, Instant now) {
        EnvelopeDetails details = claim.envelope().details();
        String reply = details.attempts() == 0 ? "" : details.reason();
        EnhancedStatus status =
                EnhancedStatus.atStartOf(reply.replaceFirst("^\\d{3}[ -]", "")).orElse(UNKNOWN);
        return job.delivery()
                .retries()
                .expiry(details.forwardDomain(), new Outcome.Deferred(status, reply), job.age(now))
                .map(age -> claim.envelope().created().plus(age));
    }

    /** Makes due what was parked for orders that hold no more. */
    void release() {
        synchronized (lanes) {
            if (lanes.isEmpty()) {
                return;
            }
            Set<Long> inForce = new HashSet<>();
            control.list().forEach(order -> inForce.add(order.number()));
            lanes.entrySet().removeIf(ofOrder -> {
                boolean hasEnded = !inForce.contains(ofOrder.getKey());
                if (hasEnded) {
                    ofOrder.getValue().values().forEach(spool::unpark);
                }
                return hasEnded;
            });
        }
    }
}
