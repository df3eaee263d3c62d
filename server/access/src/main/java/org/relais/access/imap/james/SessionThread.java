package org.relais.access.imap.james;

import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A thread that runs the commands of IMAP sessions and may be held by a client that reads slowly.
 *
 * <p>IMAP has threads of its own, apart from the transport's: as many as commands run at once, at most one for each
 * connection, so that slow readers hold up nobody else. They end after ten idle seconds.
 */
final class SessionThread extends Thread {

    private static final int IDLE_SECONDS = 10;

    private SessionThread(Runnable task, String name) {
        super(task, name);
        setDaemon(true);
    }

    static ThreadPoolExecutor newPool(String listener, int connections) {
        var number = new AtomicInteger();
        return new ThreadPoolExecutor(
                0,
                connections,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                task -> new SessionThread(task, "relais-" + listener + "-" + number.incrementAndGet()));
    }
}
