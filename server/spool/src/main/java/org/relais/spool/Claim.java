package org.relais.spool;

import java.time.Instant;

/**
 * The right to change one envelope, until it ends by a commit, by {@link Spool#release} or by its lease. While it lasts
 * nobody else gets the envelope. Claims do not survive a restart.
 *
 * @param token tells this claim from later ones of the same envelope
 * @param until end of the lease, in the spool's time; what is committed later is refused
 */
public record Claim(Envelope envelope, long token, Instant until) {

    public EnvelopeId id() {
        return envelope.id();
    }
}
