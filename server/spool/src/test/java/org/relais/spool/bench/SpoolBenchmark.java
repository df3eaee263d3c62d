package org.relais.spool.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import org.relais.model.QueueId;
import org.relais.spool.Changes;
import org.relais.spool.Claim;
import org.relais.spool.CommitMode;
import org.relais.spool.Disposition;
import org.relais.spool.EnvelopeDetails;
import org.relais.spool.MessageWriter;
import org.relais.spool.NewEnvelope;
import org.relais.spool.PendingMessage;
import org.relais.spool.Stage;
import org.relais.spool.disk.LocalDisk;
import org.relais.spool.engine.DurableSpool;
import org.relais.spool.engine.LargeMessages;
import org.relais.spool.engine.SpoolSettings;
import org.relais.spool.log.LogSpool;

/**
 * The spool under the load of a relay: one loop (as an event loop would) keeps N appends on their way, claims what is
 * due and removes it; one mail in a hundred is deferred for a day.
 *
 * <pre>
 * SpoolBenchmark DIRECTORY log|sqlite COMMITTER|CALLER CLIENTS fixed8k|mixed SECONDS
 * </pre>
 */
public final class SpoolBenchmark {
    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private final DurableSpool spool;
    private final int clients;
    private final boolean isMixed;
    private final Random random = new Random(1);
    private final byte[] text = new byte[1 << 20];
    private final Queue<Long> finished = new ConcurrentLinkedQueue<>();
    private final ArrayDeque<Claim> claims = new ArrayDeque<>();
    private long[] latencies = new long[1 << 16];
    private int mails;
    private long bytes;
    private long number;
    private int idle;
    private volatile Throwable failure;
    private final Thread loop = Thread.currentThread();

    private SpoolBenchmark(DurableSpool spool, int clients, boolean isMixed) {
        this.spool = spool;
        this.clients = clients;
        this.isMixed = isMixed;
        this.idle = clients;
        random.nextBytes(text);
    }

    public static void main(String[] arguments) throws Exception {
        Path directory = Path.of(arguments[0]);
        ExecutorService io = Executors.newFixedThreadPool(4);
        int clients = Integer.parseInt(arguments[3]);
        try (DurableSpool spool = open(directory, arguments[1], CommitMode.valueOf(arguments[2]), io)) {
            SpoolBenchmark benchmark = new SpoolBenchmark(spool, clients, arguments[4].equals("mixed"));
            benchmark.run(Duration.ofSeconds(3));
            benchmark.measure(String.join(" ", Arrays.copyOfRange(arguments, 1, 5)), Integer.parseInt(arguments[5]));
        }
        io.shutdown();
    }

    static DurableSpool open(Path directory, String engine, CommitMode mode, ExecutorService io) throws Exception {
        SpoolSettings settings = SpoolSettings.in(directory).withMode(mode);
        if (engine.equals("log")) {
            return LogSpool.open(settings, Clock.systemUTC(), io);
        }
        Path large = Files.createDirectories(directory.resolve("large"));
        return DurableSpool.open(new DurableSpool.Parts(
                settings,
                new SqliteStore(directory),
                new LargeMessages(new LocalDisk(), large),
                new LocalDisk(),
                Clock.systemUTC(),
                System::nanoTime,
                io));
    }

    private void measure(String name, int seconds) throws Exception {
        mails = 0;
        bytes = 0;
        long cpu = SYSTEM.getProcessCpuTime();
        long written = writtenBytes();
        long syncs = spool.status().syncs();
        long start = System.nanoTime();
        run(Duration.ofSeconds(seconds));
        double elapsed = (System.nanoTime() - start) / 1e9;
        long[] sorted = Arrays.copyOf(latencies, Math.min(mails, latencies.length));
        Arrays.sort(sorted);
        System.out.printf(
                Locale.ROOT,
                "%s: %.0f mails/s, %.3f syncs/mail, %.3f ms CPU/mail, write amplification %.2f, p50 %.2f ms, p99 %.2f ms%n",
                name,
                mails / elapsed,
                (double) (spool.status().syncs() - syncs) / mails,
                (SYSTEM.getProcessCpuTime() - cpu) / 1e6 / mails,
                (double) (writtenBytes() - written) / bytes,
                sorted[sorted.length / 2] / 1e6,
                sorted[sorted.length * 99 / 100] / 1e6);
    }

    private static long writtenBytes() throws Exception {
        for (String line : Files.readAllLines(Path.of("/proc/self/io"))) {
            if (line.startsWith("write_bytes:")) {
                return Long.parseLong(line.substring(13).strip());
            }
        }
        throw new IllegalStateException("no write_bytes");
    }

    private void run(Duration duration) throws Exception {
        long end = System.nanoTime() + duration.toNanos();
        while (System.nanoTime() < end || idle < clients) {
            boolean isWorking = System.nanoTime() < end;
            boolean didSomething = drain();
            while (isWorking && idle > 0) {
                idle--;
                append();
                didSomething = true;
            }
            didSomething |= deliver();
            spool.flush();
            if (failure != null) {
                throw new IllegalStateException(failure);
            }
            if (!didSomething) {
                LockSupport.parkNanos(1_000_000);
            }
        }
    }

    private boolean drain() {
        boolean isAny = false;
        for (Long nanos = finished.poll(); nanos != null; nanos = finished.poll()) {
            latencies[mails++ & (latencies.length - 1)] = nanos;
            idle++;
            isAny = true;
        }
        return isAny;
    }

    private void append() throws Exception {
        int size = isMixed ? size() : 8192;
        bytes += size;
        long start = System.nanoTime();
        // Every mail has bytes of its own, as if they came from a socket: one copy.
        PendingMessage message = message(size);
        EnvelopeDetails details = EnvelopeDetails.of(
                new QueueId("B" + number++), "sender@example.net", "recipient@example.org", Stage.CHAIN);
        spool.commit(Changes.append(message, List.of(NewEnvelope.accepted(details))))
                .whenComplete((receipt, problem) -> {
                    if (problem != null) {
                        failure = problem;
                    }
                    finished.add(System.nanoTime() - start);
                    LockSupport.unpark(loop);
                });
    }

    private PendingMessage message(int size) throws Exception {
        int from = random.nextInt(text.length - size + 1);
        if (size <= 256 << 10) {
            return PendingMessage.of(Arrays.copyOfRange(text, from, from + size));
        }
        MessageWriter writer = spool.newMessage();
        for (int at = 0; at < size; at += 65_536) {
            writer.write(ByteBuffer.wrap(text, from + at, Math.min(65_536, size - at)))
                    .toCompletableFuture()
                    .get();
        }
        return writer.finish().toCompletableFuture().get();
    }

    /** 1 KiB to 1 MiB, as many between 1 and 2 as between 512 and 1024 would be too many: most are small. */
    private int size() {
        double share = random.nextDouble();
        return (int) (1024 * Math.pow(1024, share * share * share));
    }

    private boolean deliver() {
        claims.addAll(spool.claim(Stage.CHAIN, 64, Duration.ofMinutes(10)));
        List<Claim> batch = new ArrayList<>(claims);
        claims.clear();
        for (Claim claim : batch) {
            Changes changes = random.nextInt(100) == 0
                    ? new Changes()
                            .update(
                                    claim,
                                    claim.envelope()
                                            .details()
                                            .deferred(spool.now().plusSeconds(86_400), "451 4.3.0 later"))
                    : new Changes().remove(claim, Disposition.DELIVERED);
            spool.commit(changes.relaxed());
        }
        return !batch.isEmpty();
    }
}
