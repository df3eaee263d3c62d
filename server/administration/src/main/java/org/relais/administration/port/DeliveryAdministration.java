package org.relais.administration.port;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Delivery to others, for who looks after it: what each destination does, and the <em>orders</em> by which an operator
 * changes that for a while. An order is in force until its end, until it is ended, and over restarts; each is logged
 * with its reason. Calls may block on the disk; any thread.
 */
public interface DeliveryAdministration {

    /** At most so many destinations: those with a decision first, then those with most that waits. */
    List<DeliveryDestination> destinations(int most) throws Refusal;

    /** Those that are in force, oldest first. */
    List<DeliveryOrder> orders() throws Refusal;

    /**
     * From now on nothing that is meant is delivered; what is under way ends. It stays in the spool and expires as
     * usual.
     *
     * @param until {@code null}: until it is ended
     */
    DeliveryOrder suspend(DeliverySelection selection, @Nullable Instant until, String reason) throws Refusal;

    /** From now on what is meant goes by that next hop instead of its route's. */
    DeliveryOrder reroute(DeliverySelection selection, Via via, @Nullable Instant until, String reason) throws Refusal;

    /** Ends an order; what it kept is due at once. False if it is not in force. */
    boolean end(String id) throws Refusal;
}
