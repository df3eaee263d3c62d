package org.relais.delivery.engine;

import java.time.Instant;
import java.util.Optional;
import org.relais.delivery.Outcome;
import org.relais.delivery.route.Routes;
import org.relais.spool.EnvelopeDetails;

/** What a delivery of the chain decides: routes, retries, and where its envelopes go afterwards. Called by many threads. */
public interface Delivery {

    DeliveryName name();

    Routes routes();

    Retries retries();

    /** How many attempts at a domain that does not exist are made before it is given up, besides the first. */
    int unknownDomainRetries();

    /** Whether first attempts go before retries. */
    boolean usesPriority();

    /**
     * Where an envelope that failed goes on: the processor that bounces.
     *
     * @param hop who decided, {@code name[address]:port}; the destination where nobody did
     * @param attempted when the last attempt was made; empty: not known
     * @throws IllegalArgumentException if the envelope has no room for the reason
     */
    EnvelopeDetails failed(EnvelopeDetails details, Outcome outcome, String hop, Optional<Instant> attempted);

    /** Where an envelope that was delivered goes on; empty: nowhere, it leaves. */
    Optional<EnvelopeDetails> delivered(EnvelopeDetails details);
}
