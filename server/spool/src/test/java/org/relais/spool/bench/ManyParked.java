package org.relais.spool.bench;

import java.util.List;
import java.util.Locale;
import org.relais.spool.Stage;
import org.relais.spool.index.EnvelopeEntry;
import org.relais.spool.index.MessageEntry;
import org.relais.spool.index.SpoolIndex;

/** {@code ManyParked ENVELOPES LANES RECIPIENTS}: what envelopes on lanes cost in memory and time, by the index alone. */
public final class ManyParked {
    private static final long NOW = 1_000_000;

    private final SpoolIndex index = new SpoolIndex(new SpoolIndex.Garbage() {
        @Override
        public void envelope(long id, long location, int length) {}

        @Override
        public void message(MessageEntry entry) {}
    });

    private ManyParked() {}

    public static void main(String[] arguments) {
        new ManyParked()
                .run(Integer.parseInt(arguments[0]), Integer.parseInt(arguments[1]), Integer.parseInt(arguments[2]));
    }

    private void run(int envelopes, int lanes, int recipients) {
        long empty = heap();
        for (int i = 0; i < envelopes; i++) {
            long message = 1 + i / recipients;
            if (i % recipients == 0) {
                index.putMessage(new MessageEntry(message, message, 1000, 1000, false));
            }
            byte stage = (byte) Stage.DELIVERY.ordinal();
            index.putEnvelope(new EnvelopeEntry(i + 1, message, i, 200, NOW - 1, 0, i, 0, 0, (byte) 5, stage));
        }
        index.isDue(Stage.DELIVERY, NOW);
        long before = heap();
        long start = System.nanoTime();
        for (var claimed = claim(); !claimed.isEmpty(); claimed = claim()) {
            for (long id : claimed) {
                index.park(id, lane(id, lanes), NOW);
            }
        }
        tell("claim and park", start, envelopes);
        long after = heap();
        System.out.printf(
                Locale.ROOT,
                "%d envelopes: index %d MiB, parked on %d lanes %+.1f MiB more%n",
                envelopes,
                (before - empty) >> 20,
                lanes,
                (after - before) / 1048576.0);
        start = System.nanoTime();
        int taken = 0;
        for (int round = 0; taken < envelopes; round++) {
            List<Long> claimed = index.claimParked(lane(round, lanes), 10, 1000);
            taken += claimed.size();
            if (round % 2 == 0) {
                claimed.forEach(index::removeEnvelope);
            } else {
                claimed.forEach(index::release);
            }
        }
        tell("claim by lane, and remove or release", start, envelopes);
    }

    private List<Long> claim() {
        return index.claimDue(Stage.DELIVERY, 100, 1000, NOW);
    }

    private static long lane(long id, int lanes) {
        return (id * 7919) % lanes;
    }

    private static void tell(String what, long start, int count) {
        System.out.printf(Locale.ROOT, "%s: %.0f ns each%n", what, (System.nanoTime() - start) / (double) count);
    }

    private static long heap() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
