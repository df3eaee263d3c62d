package org.relais.administration.benchmark;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How often which time was taken, in classes 2 % wide from 1 µs to an hour; so its size is fixed and a quantile is at most
 * 2 % too high. Safe for many threads.
 */
final class Latencies {
    private static final double WIDTH = Math.log(1.02);
    private static final double LEAST_NANOS = 1_000;
    private static final int CLASSES = (int) (Math.log(3.6e12 / LEAST_NANOS) / WIDTH) + 2;

    private final AtomicLongArray counts = new AtomicLongArray(CLASSES);

    void add(long nanos) {
        double ratio = Math.max(1.0, nanos / LEAST_NANOS);
        counts.incrementAndGet(Math.min(CLASSES - 1, (int) (Math.log(ratio) / WIDTH)));
    }

    /** The time in milliseconds that this share (0 to 1) did not exceed; 0 of nothing. */
    double quantileMillis(double share) {
        long total = 0;
        for (int i = 0; i < CLASSES; i++) {
            total += counts.get(i);
        }
        if (total == 0) {
            return 0;
        }
        long wanted = Math.max(1, (long) Math.ceil(total * share));
        long seen = 0;
        int at = 0;
        while (at < CLASSES - 1 && seen + counts.get(at) < wanted) {
            seen += counts.get(at);
            at++;
        }
        return LEAST_NANOS * Math.exp(WIDTH * (at + 1)) / 1e6;
    }
}
