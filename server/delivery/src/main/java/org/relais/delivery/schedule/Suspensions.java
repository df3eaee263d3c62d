package org.relais.delivery.schedule;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which destinations are suspended, by pattern; of several that name one, the first counts. For one thread. */
final class Suspensions {
    private static final int MOST = 1000;

    private final Map<String, Suspension> byPattern = new LinkedHashMap<>();

    /** @param until null: until resumed */
    record Suspension(DestinationPattern pattern, @Nullable Instant until, String reason) {
        boolean isOver(Instant now) {
            return until != null && !now.isBefore(until);
        }
    }

    /** @throws IllegalArgumentException if there are too many */
    void add(DestinationPattern pattern, Optional<Instant> until, String reason) {
        if (byPattern.size() >= MOST && !byPattern.containsKey(pattern.text())) {
            throw new IllegalArgumentException(
                    "there are " + MOST + " suspensions already: resume some, or name several with a star");
        }
        byPattern.put(pattern.text(), new Suspension(pattern, until.orElse(null), reason));
    }

    boolean remove(DestinationPattern pattern) {
        return byPattern.remove(pattern.text()) != null;
    }

    @Nullable
    Suspension of(String destination) {
        for (Suspension suspension : byPattern.values()) {
            if (suspension.pattern().matches(destination)) {
                return suspension;
            }
        }
        return null;
    }

    /** Those whose end has come; they stand until they are removed. */
    List<DestinationPattern> over(Instant now) {
        return byPattern.values().stream()
                .filter(suspension -> suspension.isOver(now))
                .map(Suspension::pattern)
                .toList();
    }

    /** {@link Instant#MAX}: none ends by itself. */
    Instant nextEnd() {
        Instant earliest = Instant.MAX;
        for (Suspension suspension : byPattern.values()) {
            Instant until = suspension.until();
            earliest = until != null && until.isBefore(earliest) ? until : earliest;
        }
        return earliest;
    }
}
