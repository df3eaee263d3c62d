package org.relais.spool;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * The spool's books, counted per envelope since the spool was made: what came in, by origin, is what left, by
 * disposition, and what is still there. Counted with each commit, so that they add up at any time.
 *
 * @param inSpool envelopes that are here, without those that an operator removed
 */
public record Accounts(Map<Origin, Long> came, Map<Disposition, Long> left, long inSpool) {
    public Accounts {
        came = complete(Origin.class, came);
        left = complete(Disposition.class, left);
    }

    public long came(Origin origin) {
        return came.getOrDefault(origin, 0L);
    }

    public long left(Disposition disposition) {
        return left.getOrDefault(disposition, 0L);
    }

    /** Zero, unless envelopes were lost (positive) or repeated (negative). */
    public long difference() {
        return sum(came) - sum(left) - inSpool;
    }

    private static long sum(Map<?, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    private static <K extends Enum<K>> Map<K, Long> complete(Class<K> type, Map<K, Long> counts) {
        Map<K, Long> all = new EnumMap<>(type);
        for (K constant : type.getEnumConstants()) {
            all.put(constant, counts.getOrDefault(constant, 0L));
        }
        return Collections.unmodifiableMap(all);
    }
}
