package org.relais.crash;

import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import org.relais.crash.CrashMails.Copy;

/**
 * What the hops answer to a RCPT, by seed: most take the recipient at once, some are deferred one or two times first, some
 * are refused for good. So a mail of several recipients is in part delivered, in part tried again and in part returned.
 * Safe for use by many threads.
 */
final class Fates {
    private static final int REFUSED = -1;

    private final long seed;
    private final boolean isCalm;
    private final Map<Copy, Integer> asked = new ConcurrentHashMap<>();

    private Fates(long seed, boolean isCalm) {
        this.seed = seed;
        this.isCalm = isCalm;
    }

    /** Everybody is taken at once. */
    static Fates calm() {
        return new Fates(0, true);
    }

    static Fates mixed(long seed) {
        return new Fates(seed, false);
    }

    /** Whether its sender must get a DSN for it, and nobody else anything. */
    boolean isRefused(Copy copy) {
        return deferrals(copy) == REFUSED;
    }

    /** The reply to a RCPT for it; counts. */
    String answer(Copy copy) {
        int deferrals = deferrals(copy);
        if (deferrals == REFUSED) {
            return "550 5.1.1 nobody here has that name";
        }
        if (deferrals == 0) {
            return "250 2.1.5 go on";
        }
        return asked.merge(copy, 1, Integer::sum) <= deferrals
                ? "451 4.3.0 not at this moment"
                : "250 2.1.5 go on, at last";
    }

    private int deferrals(Copy copy) {
        if (isCalm) {
            return 0;
        }
        int kind = new SplittableRandom(seed * 37 + copy.id() * 8L + copy.recipient()).nextInt(100);
        return kind < 8 ? REFUSED : kind < 20 ? 1 : kind < 24 ? 2 : 0;
    }
}
