package org.relais.spool.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.relais.spool.Accounts;
import org.relais.spool.Disposition;
import org.relais.spool.Origin;

/**
 * The accounts while they are counted. They change with records only, so that repeating the records repeats the
 * counts. Not safe for use by several threads.
 */
final class Counters {
    private final long[] came = new long[Origin.values().length];
    private final long[] left = new long[Disposition.values().length];
    /** Counted by itself, so that a fault of the index shows as a difference. */
    private long inSpool;

    void came(Origin origin) {
        came[origin.ordinal()]++;
        inSpool++;
    }

    void left(Disposition disposition) {
        left[disposition.ordinal()]++;
        inSpool--;
    }

    void restored() {
        left[Disposition.REMOVED.ordinal()]--;
        inSpool++;
    }

    /** What nobody can read any more counts as removed, what came back as come again: an operator said so. */
    void settle(long difference) {
        left[Disposition.REMOVED.ordinal()] += Math.max(0, difference);
        came[Origin.ACCEPTED.ordinal()] += Math.max(0, -difference);
    }

    long inSpool() {
        return inSpool;
    }

    Accounts accounts(long inSpoolByIndex) {
        Map<Origin, Long> cameByOrigin = new EnumMap<>(Origin.class);
        for (Origin origin : Origin.values()) {
            cameByOrigin.put(origin, came[origin.ordinal()]);
        }
        Map<Disposition, Long> leftByDisposition = new EnumMap<>(Disposition.class);
        for (Disposition disposition : Disposition.values()) {
            leftByDisposition.put(disposition, left[disposition.ordinal()]);
        }
        return new Accounts(cameByOrigin, leftByDisposition, inSpoolByIndex);
    }

    /** In the spool, number of origins, each origin's count, each disposition's: readable when one is added later. */
    List<Long> toArray() {
        List<Long> all = new ArrayList<>();
        all.add(inSpool);
        all.add((long) came.length);
        Arrays.stream(came).forEach(all::add);
        Arrays.stream(left).forEach(all::add);
        return all;
    }

    void set(List<Long> all) {
        Arrays.fill(came, 0);
        Arrays.fill(left, 0);
        inSpool = all.get(0);
        int origins = all.get(1).intValue();
        for (int i = 0; i < origins; i++) {
            came[i] = all.get(2 + i);
        }
        for (int i = 2 + origins; i < all.size(); i++) {
            left[i - 2 - origins] = all.get(i);
        }
    }
}
