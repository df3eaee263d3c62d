package org.relais.model;

import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Makes queue ids that sort by time and are unique within one home.
 *
 * <p>An id is 13 characters: milliseconds since 1970 (48 bit) and a counter (16 bit) in base 32 without vowels, so that
 * no id spells a word. It stays unique when the clock steps back, because the counter's carry moves the time forward.
 * Safe for use by many threads.
 */
public final class QueueIdGenerator {
    private static final char[] DIGITS = "0123456789BCDFGHJKLMNPQRSTVWXYZb".toCharArray();
    private static final int LENGTH = 13;
    private static final int COUNTER_BITS = 16;

    private final InstantSource clock;
    private final AtomicLong last = new AtomicLong();

    public QueueIdGenerator(InstantSource clock) {
        this.clock = clock;
    }

    public QueueId next() {
        long earliest = clock.millis() << COUNTER_BITS;
        return new QueueId(encode(last.updateAndGet(previous -> Math.max(previous + 1, earliest))));
    }

    private static String encode(long number) {
        char[] text = new char[LENGTH];
        long rest = number;
        for (int i = LENGTH - 1; i >= 0; i--) {
            text[i] = DIGITS[(int) (rest & 31)];
            rest >>>= 5;
        }
        return new String(text);
    }
}
