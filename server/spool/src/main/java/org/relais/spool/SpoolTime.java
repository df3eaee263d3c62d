package org.relais.spool;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Time that a leaping clock does not carry away: follows the clock, but never steps back, and takes a leap forward of
 * more than {@link #STEP} at no more than twice the speed of real time. So a wrong clock neither expires every mail at
 * once nor lets any wait for years. Safe for use by many threads.
 */
public final class SpoolTime implements InstantSource {
    /** What the clock may be ahead and is believed at once: NTP corrections, a machine that slept for a moment. */
    static final Duration STEP = Duration.ofMinutes(5);

    private static final Logger LOGGER = LoggerFactory.getLogger(SpoolTime.class);

    private final InstantSource clock;
    private final LongSupplier nanos;
    private long lastNanos;
    private double now;
    private boolean isLeaping;

    /** @param nanos real time passed since any moment, as {@link System#nanoTime()} */
    public SpoolTime(InstantSource clock, LongSupplier nanos) {
        this.clock = clock;
        this.nanos = nanos;
        this.lastNanos = nanos.getAsLong();
        this.now = clock.millis();
    }

    /** Goes on from the last time that is known from before a restart, if that is later. */
    public synchronized void continueFrom(Instant last) {
        now = Math.max(now, last.toEpochMilli());
    }

    @Override
    public Instant instant() {
        return Instant.ofEpochMilli(millis());
    }

    @Override
    public synchronized long millis() {
        long tick = nanos.getAsLong();
        double elapsed = Math.max(0, (tick - lastNanos) / 1e6);
        lastNanos = tick;
        long wall = clock.millis();
        double ahead = wall - now - elapsed;
        if (ahead > STEP.toMillis()) {
            now += 2 * elapsed;
            // Asked twice in one moment it says the same twice: what is within a step now is believed now.
            if (wall - now <= STEP.toMillis()) {
                now = wall;
            }
        } else if (ahead >= 0) {
            now = wall;
        } else {
            now = Math.max(wall, now + elapsed / 2);
        }
        report(Math.abs(ahead) > STEP.toMillis(), (long) ahead);
        return (long) now;
    }

    private void report(boolean leaping, long ahead) {
        if (leaping && !isLeaping) {
            LOGGER.warn("the clock leapt: it is {} ms off the spool's time, which follows slowly", ahead);
        }
        isLeaping = leaping;
    }
}
