package org.relais.administration.benchmark;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The next hop: an SMTP server on loopback that takes every mail and keeps none. A thread for each of at most 256
 * connections; one more is refused with 421. {@link #close()} ends them all.
 */
final class Sink implements AutoCloseable {
    private static final int CONNECTIONS = 256;
    private static final int IDLE_MILLIS = 600_000;

    private final ServerSocket listener = new ServerSocket();
    private final Arrivals arrivals;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger connections = new AtomicInteger();

    Sink(Arrivals arrivals) throws IOException {
        this.arrivals = arrivals;
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), CONNECTIONS);
        daemon("benchmark-sink", this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    /** How many connections the server has opened so far. */
    int connections() {
        return connections.get();
    }

    private static void daemon(String name, Runnable work) {
        var thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                open.add(socket);
                int number = connections.incrementAndGet();
                daemon("benchmark-sink-" + number, () -> serve(socket));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(IDLE_MILLIS);
            var out = socket.getOutputStream();
            if (open.size() > CONNECTIONS) {
                say(out, "421 4.3.2 too many connections");
            } else {
                dialogue(new SmtpLines(socket.getInputStream()), out);
            }
        } catch (IOException e) {
            // the server closes its connections as it likes, also without QUIT; a mail cut off by it is told as lost
        } finally {
            open.remove(socket);
        }
    }

    private void dialogue(SmtpLines in, OutputStream out) throws IOException {
        say(out, "220 sink.invalid ESMTP");
        while (true) {
            String line = in.line();
            switch (line.length() < 4 ? "" : line.substring(0, 4).toUpperCase(java.util.Locale.ROOT)) {
                case "EHLO" ->
                    say(out, "250-sink.invalid\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 ENHANCEDSTATUSCODES");
                case "DATA" -> {
                    say(out, "354 go on");
                    String number = in.content(Load.FIELD);
                    if (number.matches("\\d{1,9}")) {
                        arrivals.arrived(Integer.parseInt(number), System.nanoTime());
                    }
                    say(out, "250 2.0.0 taken");
                }
                case "QUIT" -> {
                    say(out, "221 2.0.0 bye");
                    return;
                }
                default -> say(out, "250 2.0.0 ok");
            }
        }
    }

    private static void say(OutputStream out, String reply) throws IOException {
        out.write((reply + "\r\n").getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : open) {
            socket.close();
        }
    }
}
