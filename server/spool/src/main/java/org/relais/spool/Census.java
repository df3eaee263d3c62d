package org.relais.spool;

import java.time.Instant;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is in the spool, counted without reading it, while mail comes and goes: near the truth at a busy time, exact at
 * a quiet one. Removed envelopes do not count.
 *
 * @param held by an operator, one by one
 * @param oldest when the oldest envelope came; {@code null} if there is none
 * @param destinations those with the most envelopes, most first
 */
public record Census(
        Map<Stage, Long> byStage, long held, @Nullable Instant oldest, List<Destination> destinations) {
    /** Domains that are told apart; the envelopes of further ones are not among the destinations. */
    public static final int MOST_DOMAINS = 100_000;

    public Census {
        Map<Stage, Long> all = new EnumMap<>(Stage.class);
        for (Stage stage : Stage.values()) {
            all.put(stage, byStage.getOrDefault(stage, 0L));
        }
        byStage = Collections.unmodifiableMap(all);
        destinations = List.copyOf(destinations);
    }

    /**
     * The envelopes to one domain.
     *
     * @param domain in lower case; empty for forward-paths without one
     * @param oldest when the oldest of them came, to the second
     */
    public record Destination(String domain, long envelopes, Instant oldest) {}
}
