package org.relais.delivery.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.relais.delivery.route.Destination;
import org.relais.spool.Claim;
import org.relais.spool.Envelope;
import org.relais.spool.EnvelopeDetails;
import org.relais.spool.mail.MailState;

/**
 * Envelopes that one transaction may carry: of one mail, with the same content, for one destination.
 *
 * @param claims not empty
 * @param state of the first; those of the others differ in nothing that matters here
 */
public record Job(Delivery delivery, Destination destination, List<Claim> claims, MailState state) {

    public Job {
        claims = List.copyOf(claims);
    }

    /** Itself only: a claim is in one job, and to compare all of it would cost more than to send it. */
    @Override
    public boolean equals(@Nullable Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }

    /** @param some of its claims, not empty */
    Job with(List<Claim> some) {
        return new Job(delivery, destination, some, state);
    }

    Envelope first() {
        return claims.get(0).envelope();
    }

    EnvelopeDetails details() {
        return first().details();
    }

    /** Attempts made before. */
    int attempts() {
        int most = 0;
        for (Claim claim : claims) {
            most = Math.max(most, claim.envelope().details().attempts());
        }
        return most;
    }

    Duration age(Instant now) {
        Duration age = Duration.between(first().created(), now);
        return age.isNegative() ? Duration.ZERO : age;
    }
}
