package org.relais.spool;

import org.jspecify.annotations.Nullable;

/**
 * How the spool is, for health checks and metrics.
 *
 * @param refusal why nothing is accepted now; {@code null} if mail is accepted
 * @param isHoldingAll everything is held, by {@link Spool#holdAll}
 * @param envelopes in the spool, without removed ones
 * @param removed removed by an operator and still restorable
 * @param claimed of the envelopes, those that are being worked on
 * @param damaged records found damaged
 * @param bytesOnDisk 0 for a spool in memory
 * @param syncs fsyncs for commits since the start
 * @param commits since the start
 */
public record SpoolStatus(
        @Nullable String refusal,
        boolean isHoldingAll,
        long envelopes,
        long removed,
        long claimed,
        long damaged,
        long bytesOnDisk,
        long syncs,
        long commits) {}
