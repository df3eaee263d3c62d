package org.relais.spool;

import java.util.List;

/**
 * What a commit made.
 *
 * @param created the new envelopes, in the order in which the changes named them
 * @param kept the claims that go on, in that order too
 */
public record Receipt(List<EnvelopeId> created, List<Claim> kept) {
    public Receipt {
        created = List.copyOf(created);
        kept = List.copyOf(kept);
    }
}
