package org.relais.delivery.route;

import java.util.List;
import org.relais.delivery.Outcome;
import org.relais.smtpclient.Endpoint;

/** The servers that an attempt may talk to. */
public sealed interface Hops {

    /** @param endpoints in the order in which they should be tried, not empty, bounded */
    record Found(List<Endpoint> endpoints) implements Hops {
        public Found {
            endpoints = List.copyOf(endpoints);
        }
    }

    /** There is none: deferred or failed, and why. */
    record None(Outcome outcome, boolean isUnknownDomain) implements Hops {}
}
