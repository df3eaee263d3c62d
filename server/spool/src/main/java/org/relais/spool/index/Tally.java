package org.relais.spool.index;

import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.relais.spool.Census;
import org.relais.spool.Stage;

/** Counts envelopes by stage and by the hash of their domain. For one thread. */
public final class Tally {
    private final Map<Stage, Long> byStage = new EnumMap<>(Stage.class);
    private final Map<Integer, Domain> domains = new HashMap<>();
    private long held;
    private int oldest = Integer.MAX_VALUE;

    /** The envelopes of one domain; {@code sample} is one of them. */
    public static final class Domain {
        private final long sample;
        private long envelopes;
        private int oldest = Integer.MAX_VALUE;

        private Domain(long sample) {
            this.sample = sample;
        }

        public long sample() {
            return sample;
        }

        public long envelopes() {
            return envelopes;
        }

        /** Seconds since 1970. */
        public int oldest() {
            return oldest;
        }
    }

    public void add(EnvelopeEntry entry) {
        if (entry.isRemoved()) {
            return;
        }
        byStage.merge(Stage.values()[entry.flags() & EnvelopeEntry.STAGE], 1L, Long::sum);
        held += (entry.flags() & EnvelopeEntry.HELD) == 0 ? 0 : 1;
        if (entry.created() == 0) {
            return; // unreadable since the start: nobody knows to where and since when
        }
        oldest = Math.min(oldest, entry.created());
        Domain domain = domains.get(entry.domainHash());
        if (domain == null && domains.size() < Census.MOST_DOMAINS) {
            domain = new Domain(entry.id());
            domains.put(entry.domainHash(), domain);
        }
        if (domain != null) {
            domain.envelopes++;
            domain.oldest = Math.min(domain.oldest, entry.created());
        }
    }

    public Map<Stage, Long> byStage() {
        return byStage;
    }

    public long held() {
        return held;
    }

    /** Seconds since 1970; {@link Integer#MAX_VALUE} if there is no envelope. */
    public int oldest() {
        return oldest;
    }

    public List<Domain> largest(int count) {
        return domains.values().stream()
                .sorted(Comparator.comparingLong((Domain domain) -> -domain.envelopes)
                        .thenComparingLong(Domain::sample))
                .limit(count)
                .toList();
    }
}
