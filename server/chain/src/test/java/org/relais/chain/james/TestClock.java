package org.relais.chain.james;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** A clock that the test moves. */
public final class TestClock extends Clock implements LongSupplier {
    private final AtomicLong nanos = new AtomicLong();
    private volatile Instant now = Instant.parse("2026-11-23T12:00:00Z");

    public void forward(Duration by) {
        nanos.addAndGet(by.toNanos());
        now = now.plus(by);
    }

    /** Real time, as the spool sees it. */
    @Override
    public long getAsLong() {
        return nanos.get();
    }

    @Override
    public Instant instant() {
        return now;
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }
}
