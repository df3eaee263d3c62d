package org.relais.testkit.wire;

import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * A moment after which waiting is an error. Immutable, usable from any thread; it counts on the monotonic clock, so that
 * a test survives a clock that is set.
 */
public final class Deadline {
    private final Duration allowed;
    private final long end;

    private Deadline(Duration allowed) {
        this.allowed = allowed;
        this.end = System.nanoTime() + allowed.toNanos();
    }

    public static Deadline in(Duration allowed) {
        return new Deadline(allowed);
    }

    public boolean isPast() {
        return end - System.nanoTime() <= 0;
    }

    /** What is left, never negative. */
    public Duration left() {
        return Duration.ofNanos(Math.max(0, end - System.nanoTime()));
    }

    /**
     * What is left in the unit that sockets take, at least 1.
     *
     * @throws InterruptedIOException when nothing is left; the text names {@code what} was waited for
     */
    int millisLeft(String what) throws InterruptedIOException {
        long nanos = end - System.nanoTime();
        if (nanos <= 0) {
            throw new InterruptedIOException("waited " + allowed.toMillis() + " ms in vain for " + what);
        }
        return (int) Math.min(Integer.MAX_VALUE, Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanos)));
    }
}
