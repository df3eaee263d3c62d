package org.relais.spool.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.relais.spool.Stage;

/** Parking, by the index alone, against maps of the JDK. */
final class LanesTest {
    private static final long NOW = 1_000_000;
    private static final int MESSAGES = 40;
    private static final int LANES = 5;

    private final SpoolIndex index = new SpoolIndex(new SpoolIndex.Garbage() {
        @Override
        public void envelope(long id, long location, int length) {}

        @Override
        public void message(MessageEntry entry) {}
    });

    /** What must be there: lane 0 is the schedule itself. */
    private final Map<Long, EnvelopeEntry> entries = new TreeMap<>();

    private final Map<Long, Integer> laneOf = new HashMap<>();
    private long lastId;

    @Test
    void handsOutEachLaneAsASortedMapWould() {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        for (int message = 1; message <= MESSAGES; message++) {
            index.putMessage(new MessageEntry(message, message, 10, 10, false));
        }

        for (int i = 0; i < 20_000; i++) {
            switch (random.nextInt(8)) {
                case 0, 1 -> add(random);
                case 2, 3, 4 -> park(random);
                case 5 -> take(random);
                case 6 -> takeOne(random);
                default -> {
                    if (random.nextInt(40) == 0) {
                        int lane = 1 + random.nextInt(LANES);
                        index.unpark(lane, Integer.MAX_VALUE);
                        laneOf.replaceAll((id, own) -> own == lane ? 0 : own);
                    }
                }
            }
            for (int lane = 1; lane <= LANES; lane++) {
                assertThat(index.parked(lane)).isEqualTo(on(lane).size());
            }
        }
    }

    private void add(Random random) {
        EnvelopeEntry entry = new EnvelopeEntry(
                ++lastId,
                1 + random.nextInt(MESSAGES),
                lastId,
                10,
                NOW - random.nextInt(5),
                0,
                0,
                0,
                0,
                (byte) random.nextInt(3),
                (byte) Stage.DELIVERY.ordinal());
        index.putEnvelope(entry);
        entries.put(entry.id(), entry);
        laneOf.put(entry.id(), 0);
    }

    private void park(Random random) {
        int lane = 1 + random.nextInt(LANES);
        List<Long> claimed = index.claimDue(Stage.DELIVERY, 1, 3, NOW);
        for (long id : claimed) {
            assertThat(laneOf).containsEntry(id, 0);
            assertThat(index.park(id, lane, NOW)).isTrue();
            laneOf.put(id, lane);
        }
    }

    /** The first of a lane, then its mates by number; each leaves for good or comes back. */
    private void take(Random random) {
        int lane = 1 + random.nextInt(LANES);
        int together = 1 + random.nextInt(4);
        List<Long> expected = new ArrayList<>();
        on(lane).stream().findFirst().ifPresent(first -> {
            expected.add(first.id());
            on(lane).stream()
                    .filter(mate -> mate.message() == first.message() && mate.id() != first.id())
                    .map(EnvelopeEntry::id)
                    .sorted()
                    .limit(together - 1L)
                    .forEach(expected::add);
        });

        assertThat(index.claimParked(lane, 1, together)).isEqualTo(expected);
        expected.forEach(id -> leave(id, random));
    }

    private void takeOne(Random random) {
        long id = 1 + random.nextInt((int) lastId + 1);
        assertThat(index.claim(id)).isEqualTo(entries.containsKey(id));
        if (entries.containsKey(id)) {
            leave(id, random);
        }
    }

    private void leave(long id, Random random) {
        if (random.nextInt(4) > 0) {
            index.removeEnvelope(id);
            entries.remove(id);
            laneOf.remove(id);
        } else {
            index.release(id);
            laneOf.put(id, 0);
        }
    }

    private List<EnvelopeEntry> on(int lane) {
        return laneOf.entrySet().stream()
                .filter(one -> one.getValue() == lane)
                .map(one -> entries.get(one.getKey()))
                .sorted(Comparator.comparingInt((EnvelopeEntry entry) -> -entry.priority())
                        .thenComparingLong(EnvelopeEntry::due)
                        .thenComparingLong(EnvelopeEntry::id))
                .toList();
    }
}
