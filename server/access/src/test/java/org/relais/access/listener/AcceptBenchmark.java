package org.relais.access.listener;

import java.io.BufferedInputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.relais.access.smtp.Role;
import org.relais.access.transport.Certificate;
import org.relais.access.transport.ListenerOptions;
import org.relais.access.transport.TlsMode;
import org.relais.spool.Spool;
import org.relais.spool.engine.SpoolSettings;
import org.relais.spool.log.LogSpool;

/**
 * What it costs to take a mail, from the socket to the disk: mails a second and CPU time by kind of thread. The clients
 * are threads of the same process, counted apart.
 *
 * <p>{@code AcceptBenchmark DIRECTORY [connections [octets [seconds [mails-per-session]]]]}
 */
final class AcceptBenchmark {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    /** In one write, as every MTA does that sees PIPELINING announced. */
    private static final byte[] ENVELOPE = "MAIL FROM:<carol@example.net>\r\nRCPT TO:<bob@example.org>\r\nDATA\r\n"
            .getBytes(StandardCharsets.US_ASCII);

    private final byte[] content;
    private final InetSocketAddress server;
    private final int mailsPerSession;
    private final AtomicLong mails = new AtomicLong();
    private volatile boolean isOver;

    private AcceptBenchmark(byte[] content, InetSocketAddress server, int mailsPerSession) {
        this.content = content;
        this.server = server;
        this.mailsPerSession = mailsPerSession;
    }

    public static void main(String[] arguments) throws Exception {
        Path directory = Path.of(arguments[0]);
        int connections = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 20;
        int octets = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 8192;
        int seconds = arguments.length > 3 ? Integer.parseInt(arguments[3]) : 10;
        int perSession = arguments.length > 4 ? Integer.parseInt(arguments[4]) : Integer.MAX_VALUE;
        Files.createDirectories(directory);
        ExecutorService io = Executors.newSingleThreadExecutor();
        Spool spool = LogSpool.open(SpoolSettings.in(directory.resolve("spool")), Clock.systemUTC(), io);
        try (Receiving receiving = new Receiving(Certificate.write(directory, "mx.example.org"), spool)) {
            receiving.limits(new ListenerOptions.ListenerLimits(1000, 1000, Duration.ofMinutes(5), 200 << 20));
            String body =
                    "Subject: x\r\n\r\n" + "0123456789abcdef0123456789abcdef0123456789abcdef\r\n".repeat(octets / 50);
            AcceptBenchmark bench = new AcceptBenchmark(
                    (body + ".\r\n").getBytes(StandardCharsets.US_ASCII),
                    receiving.port(Role.SMTP, TlsMode.NONE),
                    perSession);
            for (int i = 0; i < connections; i++) {
                Thread client = new Thread(bench::send, "client-" + i);
                client.setDaemon(true);
                client.start();
            }
            for (int round = 0; round < 3; round++) {
                bench.measure(seconds);
                receiving.events.clear();
            }
            bench.isOver = true;
        }
        io.shutdown();
    }

    private void measure(int seconds) throws InterruptedException {
        Map<String, Long> before = cpuByKind();
        long mailsBefore = mails.get();
        long start = System.nanoTime();
        Thread.sleep(seconds * 1000L);
        double elapsed = (System.nanoTime() - start) / 1e9;
        long taken = mails.get() - mailsBefore;
        System.out.printf(Locale.ROOT, "%.0f mails/s", taken / elapsed);
        cpuByKind()
                .forEach((kind, nanos) -> System.out.printf(
                        Locale.ROOT, "  %s %.1f us", kind, (nanos - before.getOrDefault(kind, 0L)) / 1e3 / taken));
        System.out.println();
    }

    private static Map<String, Long> cpuByKind() {
        Map<String, Long> sums = new TreeMap<>();
        for (long id : THREADS.getAllThreadIds()) {
            var info = THREADS.getThreadInfo(id);
            long nanos = THREADS.getThreadCpuTime(id);
            if (info != null && nanos >= 0) {
                String name = info.getThreadName();
                String kind = name.startsWith("client")
                        ? "client"
                        : name.startsWith("relais-io") ? "loops" : name.startsWith("spool") ? "spool" : "other";
                sums.merge(kind, nanos, Long::sum);
            }
        }
        return sums;
    }

    private void send() {
        try {
            while (!isOver) {
                try (Socket socket = new Socket()) {
                    socket.connect(server);
                    socket.setTcpNoDelay(true);
                    InputStream in = new BufferedInputStream(socket.getInputStream());
                    OutputStream out = socket.getOutputStream();
                    skipReply(in);
                    say(out, in, "EHLO client.example.net");
                    for (int i = 0; i < mailsPerSession && !isOver; i++) {
                        out.write(ENVELOPE);
                        skipReply(in);
                        skipReply(in);
                        skipReply(in);
                        out.write(content);
                        skipReply(in);
                        mails.incrementAndGet();
                    }
                }
            }
        } catch (java.io.IOException e) {
            if (!isOver) {
                throw new java.io.UncheckedIOException(e);
            }
        }
    }

    private static void say(OutputStream out, InputStream in, String line) throws java.io.IOException {
        out.write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
        skipReply(in);
    }

    private static void skipReply(InputStream in) throws java.io.IOException {
        int column = 0;
        boolean goesOn = false;
        for (int octet = in.read(); octet >= 0; octet = in.read()) {
            if (column == 0 && octet >= '4') {
                throw new java.io.IOException("refused");
            }
            goesOn |= column == 3 && octet == '-';
            column++;
            if (octet == '\n') {
                if (!goesOn) {
                    return;
                }
                column = 0;
                goesOn = false;
            }
        }
        throw new java.io.EOFException();
    }
}
