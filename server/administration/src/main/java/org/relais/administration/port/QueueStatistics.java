package org.relais.administration.port;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The spool in numbers, all of them envelopes unless they say otherwise.
 *
 * @param came since the spool was made, by origin
 * @param left since then, by how
 * @param inSpool without removed ones
 * @param difference what came, less what left and what is here: 0, or something is damaged
 * @param damages at most {@value #MOST_DAMAGES} of them
 * @param byStage in the spool
 * @param destinations the domains with the most envelopes, most first
 * @param oldest when the oldest one in the spool came; null: there is none
 */
public record QueueStatistics(
        Map<String, Long> came,
        Map<String, Long> left,
        long inSpool,
        long difference,
        State state,
        List<QueueDamage> damages,
        Map<String, Long> byStage,
        List<Destination> destinations,
        @Nullable Instant oldest,
        Instant asOf) {
    public static final int MOST_DAMAGES = 100;

    public QueueStatistics {
        came = ordered(came);
        left = ordered(left);
        byStage = ordered(byStage);
        damages = List.copyOf(damages);
        destinations = List.copyOf(destinations);
    }

    /**
     * How the spool is.
     *
     * @param refusal why no mail is accepted now; null if it is
     * @param isHoldingAll everything is held
     * @param held one by one
     * @param inWork being worked on
     * @param removed and still restorable
     * @param damaged damages that nobody acknowledged
     * @param syncs for commits, since the start
     * @param commits since the start
     */
    public record State(
            @Nullable String refusal,
            boolean isHoldingAll,
            long held,
            long inWork,
            long removed,
            long damaged,
            long bytesOnDisk,
            long syncs,
            long commits) {}

    /** The envelopes to one domain, and when the oldest of them came. */
    public record Destination(String domain, long envelopes, Instant oldest) {}

    /** What came less what left is what is here. */
    public boolean addsUp() {
        return difference == 0;
    }

    private static Map<String, Long> ordered(Map<String, Long> counts) {
        return Collections.unmodifiableMap(new LinkedHashMap<>(counts));
    }
}
