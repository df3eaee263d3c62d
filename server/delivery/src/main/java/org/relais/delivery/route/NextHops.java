package org.relais.delivery.route;

import java.util.concurrent.CompletionStage;

/** Finds the servers of a destination. Safe for use by many threads. */
public interface NextHops {

    /** Never fails, and completes within the deadlines of DNS; on a thread that must not be blocked. */
    CompletionStage<Hops> of(Destination destination);
}
