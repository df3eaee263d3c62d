package org.relais.spool.engine;

import java.util.List;
import org.relais.spool.DamagedRecord;

/**
 * The state of a spool, but for its messages and envelopes.
 *
 * @param position what was appended before is contained
 * @param lastId the greatest number given to a message or an envelope
 * @param time the spool's time, in milliseconds since 1970
 * @param counters see {@link Counters#toArray()}
 * @param damages known until then
 */
public record CheckpointHead(
        long position, long lastId, long time, boolean isHoldingAll, List<Long> counters, List<DamagedRecord> damages) {
    public CheckpointHead {
        counters = List.copyOf(counters);
        damages = List.copyOf(damages);
    }
}
