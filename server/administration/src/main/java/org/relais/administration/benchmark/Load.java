package org.relais.administration.benchmark;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Clients that send one mail after the other, each on a connection and a thread of its own, for a given time. A closed
 * loop: the next mail is sent when the last one has its reply. The first refusal ends the run.
 */
final class Load {
    /** Carries the mail's number. */
    static final String FIELD = "X-Relais-Benchmark";

    private static final int PATIENCE_MILLIS = 60_000;
    private static final String LINE = "A line of a mail that nobody reads, seventy octets of it in all, so. \r\n";

    private final InetSocketAddress server;
    private final Arrivals arrivals;
    private final byte[] content;

    /**
     * Prepares it.
     *
     * @param size octets of a mail, at least 1,024
     */
    Load(InetSocketAddress server, Arrivals arrivals, int size) {
        this.server = server;
        this.arrivals = arrivals;
        this.content = content(size);
    }

    /** All but the first field, the final dot included. */
    private static byte[] content(int size) {
        var text = new StringBuilder(size + 512);
        text.append("Date: Mon, 23 Nov 2026 12:00:00 +0000\r\nFrom: <sender@benchmark.invalid>\r\n");
        text.append("To: <rcpt@sink.invalid>\r\nSubject: benchmark\r\n\r\n");
        while (text.length() + LINE.length() <= size) {
            text.append(LINE);
        }
        return text.append(".\r\n").toString().getBytes(StandardCharsets.US_ASCII);
    }

    /** Sends for so long; returns when every client has the reply to its last mail. */
    void run(int connections, long nanos, Latencies latencies) throws InterruptedException, BenchmarkFailure {
        long end = System.nanoTime() + nanos;
        var failure = new AtomicReference<String>();
        List<Thread> clients = new ArrayList<>();
        for (int i = 0; i < connections; i++) {
            var client = new Thread(() -> client(end, latencies, failure), "benchmark-client-" + i);
            client.setDaemon(true);
            client.start();
            clients.add(client);
        }
        for (Thread client : clients) {
            client.join();
        }
        var what = failure.get();
        if (what != null) {
            throw new BenchmarkFailure("the load ended: " + what, "");
        }
    }

    private void client(long end, Latencies latencies, AtomicReference<String> failure) {
        try (var socket = new Socket()) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.connect(server, PATIENCE_MILLIS);
            var in = new SmtpLines(socket.getInputStream());
            var out = socket.getOutputStream();
            expect(in, "220");
            say(out, "EHLO load.invalid\r\n");
            expect(in, "250");
            while (System.nanoTime() < end && failure.get() == null) {
                int number = arrivals.number();
                if (number < 0) {
                    throw new IOException("more than " + Arrivals.MOST + " mails");
                }
                mail(in, out, number, latencies);
            }
            say(out, "QUIT\r\n");
            expect(in, "221");
        } catch (IOException e) {
            failure.compareAndSet(null, String.valueOf(e.getMessage()));
        }
    }

    /** The commands in one group (RFC 2920), as the server offers it. */
    private void mail(SmtpLines in, OutputStream out, int number, Latencies latencies) throws IOException {
        say(out, "MAIL FROM:<sender@benchmark.invalid>\r\nRCPT TO:<rcpt@sink.invalid>\r\nDATA\r\n");
        expect(in, "250");
        expect(in, "250");
        expect(in, "354");
        byte[] first = (FIELD + ": " + number + "\r\n").getBytes(StandardCharsets.US_ASCII);
        var whole = new byte[first.length + content.length];
        System.arraycopy(first, 0, whole, 0, first.length);
        System.arraycopy(content, 0, whole, first.length, content.length);
        out.write(whole);
        long written = System.nanoTime();
        expect(in, "250");
        latencies.add(System.nanoTime() - written);
        arrivals.accepted(number);
    }

    private static void say(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static void expect(SmtpLines in, String code) throws IOException {
        String reply = in.reply();
        if (!reply.startsWith(code)) {
            throw new IOException("the server answered " + reply + " where " + code + " was due");
        }
    }
}
