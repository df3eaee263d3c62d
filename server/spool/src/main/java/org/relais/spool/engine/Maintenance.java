package org.relais.spool.engine;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.relais.spool.SpoolException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is done beside the mail, on a thread of its own: ends leases and retentions, looks for room, deletes files of large messages
 * that are gone, gives space back, writes checkpoints.
 */
final class Maintenance implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(Maintenance.class);
    private static final Duration PAUSE = Duration.ofMillis(250);
    private static final Duration SHUTDOWN = Duration.ofSeconds(30);

    private final DurableSpool spool;
    private final SpoolState state;
    private final Committer committer;
    private final RecordStore store;
    private final LargeMessages files;
    private final Thread thread;
    private volatile boolean isClosing;

    Maintenance(DurableSpool spool, SpoolState state, Committer committer, RecordStore store, LargeMessages files) {
        this.spool = spool;
        this.state = state;
        this.committer = committer;
        this.store = store;
        this.files = files;
        this.thread = new Thread(this::run, "spool-maintenance");
        this.thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    private void run() {
        while (!isClosing) {
            LockSupport.parkNanos(PAUSE.toNanos());
            if (!isClosing && !committer.isBroken()) {
                work();
            }
        }
    }

    /** A boundary: what goes wrong here must not end the thread. */
    private void work() {
        try {
            committer.failLate();
            committer.lookForRoom();
            spool.expire();
            deleteFiles();
            store.maintain();
        } catch (SpoolException.Broken e) {
            committer.stop(e);
        } catch (SpoolException.Full e) {
            LOGGER.warn("maintenance of the spool has no room: {}", e.getMessage());
        } catch (SpoolException | RuntimeException | Error e) {
            LOGGER.error("maintenance of the spool failed and will be tried again", e);
        }
    }

    /** The file may go only when the end of its last envelope is durable: else a crash would bring back half a mail. */
    private void deleteFiles() throws SpoolException {
        List<Long> dead = state.takeDeadFiles();
        if (!dead.isEmpty()) {
            committer.sync();
            dead.forEach(files::delete);
        }
    }

    /** To be called by {@link DurableSpool#close()} after the last commit. */
    @Override
    public void close() {
        isClosing = true;
        LockSupport.unpark(thread);
        boolean isInterrupted = false;
        try {
            thread.join(SHUTDOWN.toMillis());
        } catch (InterruptedException e) {
            isInterrupted = true;
        }
        if (!committer.isBroken() && !thread.isAlive()) {
            try {
                deleteFiles();
            } catch (SpoolException e) {
                LOGGER.warn("files of finished messages stay until the next start", e);
            }
        }
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
