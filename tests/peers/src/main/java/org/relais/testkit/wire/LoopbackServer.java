package org.relais.testkit.wire;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Accepts connections on a loopback address and serves each in a thread of its own, at most {@code maxConnections} at
 * once; one more is closed unserved. {@link #close()} ends every connection and returns when no thread is left.
 */
public final class LoopbackServer implements AutoCloseable {
    private static final Duration STOP = Duration.ofSeconds(10);

    /** Serves one connection until it ends; the connection is closed afterwards. */
    @FunctionalInterface
    public interface Session {
        void serve(Wire wire, int number) throws IOException;
    }

    private final ServerSocket listener;
    private final Session session;
    private final ThreadPoolExecutor threads;
    private final Thread acceptor;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final AtomicInteger accepted = new AtomicInteger();

    public LoopbackServer(String name, InetSocketAddress address, int maxConnections, Session session)
            throws IOException {
        this.session = session;
        listener = new ServerSocket();
        listener.setReuseAddress(true);
        listener.bind(address, Math.max(50, maxConnections));
        AtomicInteger number = new AtomicInteger();
        threads = new ThreadPoolExecutor(
                0,
                maxConnections,
                1,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                run -> daemon(run, name + "-" + number.incrementAndGet()));
        acceptor = daemon(this::acceptAll, name + "-acceptor");
        acceptor.start();
    }

    private static Thread daemon(Runnable run, String name) {
        Thread thread = new Thread(run, name);
        thread.setDaemon(true);
        return thread;
    }

    public InetSocketAddress address() {
        return (InetSocketAddress) listener.getLocalSocketAddress();
    }

    /** Connections accepted since the start. */
    public int connections() {
        return accepted.get();
    }

    /** Waits so long, or until this server is closed; that is how a latency is made. */
    public void pause(Duration latency) throws IOException {
        try {
            if (closed.await(latency.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new IOException("the test server was closed");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private void acceptAll() {
        while (closed.getCount() > 0) {
            try {
                Socket socket = listener.accept();
                open.add(socket);
                try {
                    threads.execute(() -> serve(socket));
                } catch (RejectedExecutionException e) {
                    end(socket);
                }
            } catch (IOException e) {
                if (listener.isClosed()) {
                    return;
                }
            }
        }
    }

    private void serve(Socket socket) {
        try {
            session.serve(new Wire(socket), accepted.incrementAndGet());
        } catch (IOException e) {
            // A peer that goes away is ordinary life; what was said is in the transcript.
        } finally {
            end(socket);
        }
    }

    private void end(Socket socket) {
        open.remove(socket);
        try {
            socket.close();
        } catch (IOException e) {
            // Nothing can be done about a socket that cannot be closed.
        }
    }

    @Override
    public void close() throws IOException {
        closed.countDown();
        listener.close();
        open.forEach(this::end);
        threads.shutdownNow();
        try {
            acceptor.join(STOP.toMillis());
            if (!threads.awaitTermination(STOP.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException("a thread of " + acceptor.getName() + " did not end within " + STOP);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
