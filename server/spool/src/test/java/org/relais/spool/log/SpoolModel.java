package org.relais.spool.log;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.relais.spool.Accounts;
import org.relais.spool.Disposition;
import org.relais.spool.EnvelopeDetails;
import org.relais.spool.Origin;
import org.relais.spool.Stage;

/** What must be in a spool, kept as simply as can be: the judge of {@link RandomStepsTest}. For one thread. */
final class SpoolModel {
    /** @param content the seed of its bytes: see {@link RandomStepsTest#bytes} */
    record Expected(long content, Origin origin, boolean isRemoved, Instant removed, EnvelopeDetails details) {
        Expected with(EnvelopeDetails changed) {
            return new Expected(content, origin, isRemoved, removed, changed);
        }

        Expected withContent(long changed) {
            return new Expected(changed, origin, isRemoved, removed, details);
        }
    }

    final TreeMap<Long, Expected> envelopes = new TreeMap<>();
    private final Map<Origin, Long> came = new EnumMap<>(Origin.class);
    private final Map<Disposition, Long> left = new EnumMap<>(Disposition.class);
    /** Which are parked, and on which lane. Ends with the process. */
    final Map<Long, Long> lanes = new TreeMap<>();

    boolean isHoldingAll;

    SpoolModel copy() {
        SpoolModel copy = new SpoolModel();
        copy.envelopes.putAll(envelopes);
        copy.came.putAll(came);
        copy.left.putAll(left);
        copy.lanes.putAll(lanes);
        copy.isHoldingAll = isHoldingAll;
        return copy;
    }

    /** What is handed out now, by the queue if {@code lane} is empty. */
    Set<Long> due(Stage stage, Optional<Long> lane, Instant now) {
        return envelopes.entrySet().stream()
                .filter(one -> !isHoldingAll && !one.getValue().isRemoved())
                .filter(one -> one.getValue().details().stage() == stage)
                .filter(one -> !one.getValue().details().held())
                .filter(one -> !one.getValue().details().nextAttempt().isAfter(now))
                .filter(one -> Optional.ofNullable(lanes.get(one.getKey())).equals(lane))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    void create(long id, Origin origin, long content, EnvelopeDetails details) {
        envelopes.put(id, new Expected(content, origin, false, Instant.EPOCH, details));
        came.merge(origin, 1L, Long::sum);
    }

    void update(long id, EnvelopeDetails details) {
        envelopes.computeIfPresent(id, (key, old) -> old.with(details));
    }

    void rewrite(long id, long content) {
        envelopes.computeIfPresent(id, (key, old) -> old.withContent(content));
    }

    void remove(long id, Disposition disposition, Instant now) {
        Expected old = envelopes.get(id);
        if (old.isRemoved()) {
            envelopes.remove(id);
        } else {
            left.merge(disposition, 1L, Long::sum);
            if (disposition == Disposition.REMOVED) {
                envelopes.put(id, new Expected(old.content(), old.origin(), true, now, old.details()));
            } else {
                envelopes.remove(id);
            }
        }
    }

    void restore(long id, EnvelopeDetails details) {
        Expected old = envelopes.get(id);
        left.merge(Disposition.REMOVED, -1L, Long::sum);
        envelopes.put(id, new Expected(old.content(), old.origin(), false, Instant.EPOCH, details));
    }

    Accounts accounts() {
        long live = envelopes.values().stream().filter(one -> !one.isRemoved()).count();
        return new Accounts(came, left, live);
    }

    /** What is wrong with what was found; nothing if it is what must be there. */
    List<String> differences(Map<Long, Expected> found, Accounts accounts, boolean isHolding, Instant purgedBefore) {
        List<String> wrong = new ArrayList<>();
        Map<Long, Expected> unexpected = new HashMap<>(found);
        envelopes.forEach((id, expected) -> {
            Expected is = unexpected.remove(id);
            boolean mayBeGone = expected.isRemoved() && !expected.removed().isAfter(purgedBefore);
            if (is == null ? !mayBeGone : !is.equals(expected)) {
                wrong.add(id + " is " + is + ", must be " + expected);
            }
        });
        unexpected.forEach((id, is) -> wrong.add(id + " is " + is + ", must not be there"));
        if (!accounts.equals(accounts())) {
            wrong.add("accounts are " + accounts + ", must be " + accounts());
        }
        if (isHolding != isHoldingAll) {
            wrong.add("hold is " + isHolding);
        }
        return wrong;
    }

    /** Those that were found to be purged, which they may be, are no longer expected. */
    void settle(Map<Long, Expected> found) {
        envelopes.keySet().retainAll(found.keySet());
    }

    static Instant purgedBefore(Instant latest, Duration retention) {
        return latest.minus(retention);
    }
}
