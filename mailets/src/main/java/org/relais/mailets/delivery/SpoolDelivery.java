package org.relais.mailets.delivery;

import java.util.List;
import java.util.function.BooleanSupplier;
import org.relais.spool.Claim;

/** A delivery of the chain, as the {@link DeliveryDispatcher} knows it. Called by many threads. */
interface SpoolDelivery {

    DeliveryName name();

    /** Jobs under way at the same time. */
    int threads();

    /** Divides the envelopes of one mail into what one attempt can send. */
    List<List<Claim>> jobs(List<Claim> mail);

    /**
     * Makes one attempt at one job and commits what came of it.
     *
     * @param isStopping whether an interrupt means that the server stops
     */
    void attempt(List<Claim> job, BooleanSupplier isStopping);
}
