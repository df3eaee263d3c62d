package org.relais.crash;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.relais.testkit.wire.Deadline;
import org.relais.testkit.wire.DotContent;
import org.relais.testkit.wire.Wire;

/**
 * The next hop: lives in the test's process and outlives every kill. It enters each mail in the ledger when the mail has
 * come whole, ahead of its 250. One thread for each connection; {@link #close()} ends them all.
 */
final class CrashSink implements AutoCloseable {
    private static final int LARGEST = 8 << 20;
    private static final int MOST_CONNECTIONS = 256;
    private static final Duration IDLE = Duration.ofMinutes(10);
    private static final Duration SETTLE = Duration.ofSeconds(60);

    private final Ledger ledger;
    private final ServerSocket listener;
    private final Set<Socket> open = new HashSet<>();

    CrashSink(Ledger ledger) throws IOException {
        this.ledger = ledger;
        listener = new ServerSocket(0, MOST_CONNECTIONS, InetAddress.getByName("127.0.0.1"));
        daemon(this::acceptAll, "sink-acceptor");
    }

    String hostAndPort() {
        return "127.0.0.1:" + listener.getLocalPort();
    }

    private static void daemon(Runnable run, String name) {
        Thread thread = new Thread(run, name);
        thread.setDaemon(true);
        thread.start();
    }

    private void acceptAll() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                if (enter(socket)) {
                    daemon(() -> serve(socket), "sink");
                } else {
                    socket.close();
                }
            } catch (IOException e) {
                if (!listener.isClosed()) {
                    ledger.fault("the sink could not accept: " + e);
                }
            }
        }
    }

    private synchronized boolean enter(Socket socket) {
        return open.size() < MOST_CONNECTIONS && open.add(socket);
    }

    private synchronized void leave(Socket socket) {
        open.remove(socket);
        notifyAll();
    }

    private void serve(Socket socket) {
        try (Wire wire = new Wire(socket)) {
            new Session(wire).run();
        } catch (IOException e) {
            // The server was killed, or the sink was closed: what had not come whole does not count.
        } finally {
            leave(socket);
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
        List<Socket> left;
        synchronized (this) {
            left = List.copyOf(open);
        }
        for (Socket socket : left) {
            socket.close();
        }
    }

    /** One connection of the server's. */
    private final class Session {
        private final Wire wire;
        private final List<String> forwardPaths = new ArrayList<>();
        private String reversePath = "";

        private Session(Wire wire) {
            this.wire = wire;
        }

        private void run() throws IOException {
            say("220 sink.test ESMTP");
            Optional<String> line = wire.readLine(4096, Deadline.in(IDLE));
            while (line.isPresent() && answer(line.get())) {
                line = wire.readLine(4096, Deadline.in(IDLE));
            }
        }

        private boolean answer(String line) throws IOException {
            String verb = line.toUpperCase(Locale.ROOT).split("[ :]", 2)[0];
            switch (verb) {
                case "EHLO" -> say("250-sink.test\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 SIZE " + LARGEST);
                case "HELO", "NOOP" -> say("250 sink.test");
                case "MAIL" -> {
                    reversePath = path(line);
                    forwardPaths.clear();
                    say("250 2.1.0 go on");
                }
                case "RCPT" -> {
                    forwardPaths.add(path(line));
                    say("250 2.1.5 go on");
                }
                case "RSET" -> {
                    forwardPaths.clear();
                    say("250 2.0.0 forgotten");
                }
                case "DATA" -> data();
                case "QUIT" -> {
                    say("221 2.0.0 bye");
                    return false;
                }
                default -> say("502 5.5.1 not here");
            }
            return true;
        }

        private void data() throws IOException {
            if (forwardPaths.isEmpty()) {
                say("503 5.5.1 RCPT first");
                return;
            }
            say("354 go on");
            DotContent content = new DotContent(wire, LARGEST);
            content.read(OptionalInt.empty(), Deadline.in(IDLE));
            if (reversePath.isEmpty()) {
                String text = new String(content.kept(), StandardCharsets.ISO_8859_1);
                ledger.fault("a mail bounced, to " + forwardPaths + ": " + text);
            } else {
                ledger.arrived(content.kept(), forwardPaths);
            }
            forwardPaths.clear();
            say("250 2.0.0 taken");
        }

        private void say(String reply) throws IOException {
            wire.write((reply + "\r\n").getBytes(StandardCharsets.US_ASCII));
        }

        private static String path(String line) {
            return line.substring(line.indexOf('<') + 1, Math.max(line.indexOf('<') + 1, line.indexOf('>')));
        }
    }
}
