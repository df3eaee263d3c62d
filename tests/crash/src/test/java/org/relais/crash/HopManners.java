package org.relais.crash;

import java.util.Random;

/**
 * How a hop behaves: what it offers at EHLO, and how often, in a thousand transactions, it does something wrong; none of it
 * once it has been {@link #calm calmed}. Safe for use by many threads.
 */
final class HopManners {
    /** What may happen at one place of a session. */
    enum Deed {
        ANSWER,
        /** Reads on and says nothing for a while, then closes. */
        HANG,
        /** Closes without a reply. */
        CLOSE,
        /** A temporary refusal. */
        REFUSE
    }

    private final String extensions;
    private final int hangs;
    private final int closes;
    private final int refusals;
    private final Random random;
    private volatile boolean isCalm;

    private HopManners(String extensions, int hangs, int closes, int refusals, long seed) {
        this.extensions = extensions;
        this.hangs = hangs;
        this.closes = closes;
        this.refusals = refusals;
        random = new Random(seed);
    }

    /** Never does anything wrong. */
    static HopManners good() {
        return new HopManners("250-PIPELINING\r\n250-8BITMIME\r\n", 0, 0, 0, 0);
    }

    /** Loses connections behind the final dot. */
    static HopManners closing(long seed) {
        return new HopManners("250-PIPELINING\r\n250-8BITMIME\r\n", 0, 30, 10, seed);
    }

    /** Takes BDAT, and has bad moments of every kind. */
    static HopManners chunking(long seed) {
        return new HopManners("250-PIPELINING\r\n250-8BITMIME\r\n250-CHUNKING\r\n", 5, 15, 15, seed);
    }

    /** Without any extension, and hangs often. */
    static HopManners hanging(long seed) {
        return new HopManners("", 40, 5, 5, seed);
    }

    String extensions() {
        return extensions;
    }

    /** From now on it does nothing wrong. */
    void calm() {
        isCalm = true;
    }

    Deed next() {
        int chance = random.nextInt(1000);
        if (isCalm || chance >= hangs + closes + refusals) {
            return Deed.ANSWER;
        }
        return chance < hangs ? Deed.HANG : chance < hangs + closes ? Deed.CLOSE : Deed.REFUSE;
    }

    /** One in two, for what may go either way; no when calm. */
    boolean either() {
        return !isCalm && random.nextBoolean();
    }
}
