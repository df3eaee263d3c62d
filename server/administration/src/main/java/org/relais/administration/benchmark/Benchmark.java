package org.relais.administration.benchmark;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;

/**
 * Load → server → sink, once: warmed up, then measured. Load and sink run in this process and the server in one of its own,
 * so that the server's CPU time is its own. Whatever happens, the server's process and folder are gone afterwards. For one
 * thread.
 */
public final class Benchmark {
    private static final long PATIENCE_NANOS = Duration.ofSeconds(20).toNanos();
    private static final double NANOS = 1e9;

    /**
     * What is asked for.
     *
     * @param size octets of a mail
     */
    public record Order(int connections, int size, Duration warmUp, Duration measured) {}

    private final InstantSource clock;
    private final Order order;
    private final Consumer<String> progress;

    /**
     * Prepares it.
     *
     * @param progress is told what goes on, a line each
     */
    public Benchmark(InstantSource clock, Order order, Consumer<String> progress) {
        this.clock = clock;
        this.order = order;
        this.progress = progress;
    }

    /**
     * Runs it.
     *
     * @param folder empty, on the disk that is meant; removed at the end
     * @param command starts a relais, without its arguments
     */
    public Figures run(Path folder, List<String> command) throws BenchmarkFailure, IOException, InterruptedException {
        var arrivals = new Arrivals();
        try (var sink = new Sink(arrivals)) {
            progress.accept("starting a server in " + folder);
            var server = TemporaryServer.start(folder, command, clock, sink.port());
            var cleaner = new Thread(() -> closeAtEnd(server), "benchmark-cleaner");
            Runtime.getRuntime().addShutdownHook(cleaner); // Ctrl-C
            try {
                return measure(server, sink, arrivals);
            } finally {
                server.close();
                forget(cleaner);
            }
        } finally {
            TemporaryServer.remove(folder); // where not even the server was started
        }
    }

    private static void forget(Thread cleaner) {
        try {
            Runtime.getRuntime().removeShutdownHook(cleaner);
        } catch (IllegalStateException e) {
            // the process is ending, and the hook runs or has run: closing twice does no harm
        }
    }

    private void closeAtEnd(TemporaryServer server) {
        try {
            server.close();
        } catch (IOException e) {
            progress.accept("the benchmark's folder is not removed: " + e.getMessage());
        }
    }

    private Figures measure(TemporaryServer server, Sink sink, Arrivals arrivals)
            throws BenchmarkFailure, IOException, InterruptedException {
        var smtp = server.awaitSmtp();
        var disk = DiskProbe.measure(server.data(), order.size());
        var load = new Load(smtp, arrivals, order.size());
        progress.accept("warming up for " + order.warmUp().toSeconds() + " s");
        load.run(order.connections(), order.warmUp().toNanos(), new Latencies());
        arrivals.awaitAll(PATIENCE_NANOS);

        progress.accept("measuring for " + order.measured().toSeconds() + " s: " + order.connections()
                + " connections, mails of " + order.size() + " octets");
        var before = arrivals.count();
        var latencies = new Latencies();
        var cpu = server.cpu();
        int connections = sink.connections();
        long begin = System.nanoTime();
        load.run(order.connections(), order.measured().toNanos(), latencies);
        long accepted = System.nanoTime();
        progress.accept("waiting for the last mails");
        arrivals.awaitAll(PATIENCE_NANOS);
        var after = arrivals.count();

        int arrived = after.arrived() - before.arrived();
        var used = server.cpu().minus(cpu);
        double arriving = Math.max(1, after.lastNanos() - begin);
        return new Figures(
                after.accepted() - before.accepted(),
                arrived,
                (after.accepted() - before.accepted()) / ((accepted - begin) / NANOS),
                arrived / (arriving / NANOS),
                used.toNanos() / 1e6 / Math.max(1, arrived),
                latencies.quantileMillis(0.5),
                latencies.quantileMillis(0.99),
                disk.quantileMillis(0.5),
                after.outstanding(),
                after.duplicates(),
                sink.connections() - connections);
    }
}
