package org.relais.distribution.spool;

import java.time.InstantSource;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.relais.spool.Spool;
import org.relais.spool.SpoolException;
import org.relais.spool.engine.DurableSpool;
import org.relais.spool.engine.SpoolSettings;
import org.relais.spool.log.LogSpool;

/**
 * A spool on disk with the threads that write its large messages. What waits for them is bounded by the spool's own
 * memory for messages in arrival.
 */
public final class OpenSpool implements AutoCloseable {
    private static final int WRITERS = 4;
    private static final int IDLE_SECONDS = 30;

    private final DurableSpool spool;
    private final ExecutorService io;

    private OpenSpool(DurableSpool spool, ExecutorService io) {
        this.spool = spool;
        this.io = io;
    }

    public static OpenSpool of(SpoolSettings settings, InstantSource clock) throws SpoolException {
        ExecutorService io = writers();
        try {
            return new OpenSpool(LogSpool.open(settings, clock, io), io);
        } catch (SpoolException | RuntimeException e) {
            io.shutdown();
            throw e;
        }
    }

    public Spool spool() {
        return spool;
    }

    /** Writes large messages, of other spools too. */
    Executor io() {
        return io;
    }

    private static ExecutorService writers() {
        AtomicInteger number = new AtomicInteger();
        ThreadPoolExecutor writers = new ThreadPoolExecutor(
                WRITERS, WRITERS, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "spool-writer-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        writers.allowCoreThreadTimeOut(true);
        return writers;
    }

    @Override
    public void close() throws SpoolException {
        try {
            spool.close();
        } finally {
            io.shutdown();
        }
    }
}
