package org.relais.spool;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;

/** Time that passes when the test says so: the wall's and, as a supplier, the real time. */
public final class ManualClock implements InstantSource, LongSupplier {
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-23T12:00:00Z"));
    private final AtomicLong nanos = new AtomicLong();

    @Override
    public Instant instant() {
        return now.get();
    }

    @Override
    public long getAsLong() {
        return nanos.get();
    }

    /** Time passes. */
    public void advance(Duration duration) {
        nanos.addAndGet(duration.toNanos());
        leap(duration);
    }

    /** Somebody sets the clock. */
    public void leap(Duration duration) {
        now.updateAndGet(instant -> instant.plus(duration));
    }
}
