package org.relais.spool.engine;

import java.io.IOException;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.relais.spool.SpoolException;
import org.relais.spool.disk.Disk;

/**
 * Whether a mail can be taken: quota and free space, so that a client hears 452 before it sends, and what keeps the
 * spool going still fits. The disk is asked at most every {@value #LOOK_MILLIS} ms. Safe for use by many threads.
 */
final class Room {
    private static final long LOOK_MILLIS = 200;
    private static final long LOOK_NANOS = Duration.ofMillis(LOOK_MILLIS).toNanos();

    private final SpoolSettings settings;
    private final Disk disk;
    private final LongSupplier taken;
    private final LongSupplier pending;
    private long free;
    private long lookedAt;
    private boolean hasLooked;

    /**
     * @param taken bytes in the spool
     * @param pending bytes that are on their way there
     */
    Room(SpoolSettings settings, Disk disk, LongSupplier taken, LongSupplier pending) {
        this.settings = settings;
        this.disk = disk;
        this.taken = taken;
        this.pending = pending;
    }

    void check(long size) throws SpoolException {
        long coming = pending.getAsLong() + size;
        if (taken.getAsLong() + coming > settings.quota()) {
            throw new SpoolException.Full("spool: the quota of " + settings.quota() + " bytes is reached");
        }
        if (free() - coming < settings.minimumFree()) {
            throw new SpoolException.Full(
                    "spool: less than " + settings.minimumFree() + " bytes would stay free on " + settings.directory());
        }
    }

    private synchronized long free() throws SpoolException.Busy {
        long now = System.nanoTime();
        if (!hasLooked || now - lookedAt > LOOK_NANOS) {
            try {
                free = disk.usableSpace(settings.directory());
                lookedAt = now;
                hasLooked = true;
            } catch (IOException e) {
                throw (SpoolException.Busy)
                        new SpoolException.Busy("spool: the disk does not tell its free space").initCause(e);
            }
        }
        return free;
    }
}
