package org.relais.crash;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.relais.testkit.wire.Deadline;
import org.relais.testkit.wire.Wire;

/**
 * A next hop: lives in the test's process and outlives every kill of the server, unless it is taken {@link #down} itself.
 * One thread for each connection; {@link #close()} ends them all.
 */
final class CrashSink implements AutoCloseable {
    private static final int MOST_CONNECTIONS = 256;
    private static final Duration SETTLE = Duration.ofSeconds(60);

    private final Ledger ledger;
    private final HopManners manners;
    private final int port;
    private final Map<Wire, SinkSession> open = new HashMap<>();
    private volatile ServerSocket listener;

    CrashSink(Ledger ledger) throws IOException {
        this(ledger, HopManners.good());
    }

    CrashSink(Ledger ledger, HopManners manners) throws IOException {
        this.ledger = ledger;
        this.manners = manners;
        listener = listener(0);
        port = listener.getLocalPort();
        acceptFrom(listener);
    }

    String hostAndPort() {
        return "127.0.0.1:" + port;
    }

    private static ServerSocket listener(int port) throws IOException {
        return new ServerSocket(port, MOST_CONNECTIONS, InetAddress.getByName("127.0.0.1"));
    }

    private void acceptFrom(ServerSocket accepting) {
        daemon(() -> acceptAll(accepting), "sink-acceptor");
    }

    private static void daemon(Runnable run, String name) {
        Thread thread = new Thread(run, name);
        thread.setDaemon(true);
        thread.start();
    }

    private void acceptAll(ServerSocket accepting) {
        while (!accepting.isClosed()) {
            try {
                begin(accepting.accept());
            } catch (IOException e) {
                if (!accepting.isClosed()) {
                    ledger.fault("the sink could not accept: " + e);
                }
            }
        }
    }

    private void begin(Socket socket) throws IOException {
        Wire wire = new Wire(socket);
        SinkSession session = new SinkSession(ledger, manners, wire);
        if (enter(wire, session)) {
            daemon(() -> serve(wire, session), "sink");
        } else {
            wire.close();
        }
    }

    private synchronized boolean enter(Wire wire, SinkSession session) {
        if (listener.isClosed() || open.size() >= MOST_CONNECTIONS) {
            return false;
        }
        open.put(wire, session);
        return true;
    }

    private synchronized void leave(Wire wire) {
        open.remove(wire);
        notifyAll();
    }

    private void serve(Wire wire, SinkSession session) {
        try (wire) {
            session.run();
        } catch (IOException e) {
            // The server was killed, or the sink: what had not come whole does not count.
        } finally {
            leave(wire);
        }
    }

    /** It dies: its connections are reset, and nobody listens. Returns when nothing of it is left. */
    void down() throws IOException, InterruptedException {
        long died = System.nanoTime();
        listener.close();
        Map<Wire, SinkSession> dying;
        synchronized (this) {
            dying = Map.copyOf(open);
        }
        for (Wire wire : dying.keySet()) {
            wire.reset();
        }
        awaitOpen(0, Deadline.in(SETTLE));
        dying.values().stream()
                .map(session -> session.lastDoubtful(died))
                .flatMap(Optional::stream)
                .forEach(ledger::doubted);
    }

    /** It lives again, on the same port; nothing if it does already. */
    void up() throws IOException {
        if (listener.isClosed()) {
            ServerSocket again = listener(port);
            listener = again;
            acceptFrom(again);
        }
    }

    /**
     * Waits until everything that a server sent before its death has been read. The system hands connections over in the
     * order they came: behind one of our own, none of the dead server's is left to accept.
     */
    void settle() throws IOException, InterruptedException {
        Deadline deadline = Deadline.in(SETTLE);
        try (Wire marker = Wire.connect((InetSocketAddress) listener.getLocalSocketAddress())) {
            marker.readLine(1000, deadline);
            awaitOpen(1, deadline);
        }
        awaitOpen(0, deadline);
    }

    private synchronized void awaitOpen(int count, Deadline deadline) throws InterruptedException {
        while (open.size() > count) {
            if (deadline.isPast()) {
                throw new AssertionError(open.size() - count + " connections to the sink outlived the server");
            }
            wait(Math.max(1, deadline.left().toMillis()));
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        List<Wire> left;
        synchronized (this) {
            left = List.copyOf(open.keySet());
        }
        for (Wire wire : left) {
            wire.close();
        }
    }
}
