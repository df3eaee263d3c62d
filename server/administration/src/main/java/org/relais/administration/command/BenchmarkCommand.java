package org.relais.administration.command;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.relais.administration.benchmark.Benchmark;
import org.relais.administration.benchmark.BenchmarkFailure;
import org.relais.administration.benchmark.Figures;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code relais benchmark}: never touches the home that is named, but its disk. */
@Command(
        name = "benchmark",
        description =
                "Measure what Relais does on this machine: load, chain and next hop on loopback, with a server and a "
                        + "home of their own that are removed.")
final class BenchmarkCommand implements Callable<Integer> {
    private static final int MOST_SECONDS = 600;
    private static final int MOST_CONNECTIONS = 500;
    private static final int LEAST_SIZE = 1024;
    private static final int MOST_SIZE = 10 * 1024 * 1024;

    private final CommandContext context;

    @Option(names = "--seconds", paramLabel = "N", description = "How long to measure (10).")
    private int seconds = 10;

    @Option(names = "--warm-up", paramLabel = "N", description = "Seconds of load ahead of it (10): the JVM compiles.")
    private int warmUp = 10;

    @Option(names = "--connections", paramLabel = "N", description = "Clients that send at the same time (20).")
    private int connections = 20;

    @Option(names = "--size", paramLabel = "OCTETS", description = "Size of a mail (8192).")
    private int size = 8192;

    @Option(
            names = "--in",
            paramLabel = "DIR",
            description = "A folder on the disk that is meant (the one that the home lies in).")
    private @Nullable Path in;

    BenchmarkCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws CommandFailure, InterruptedException {
        within("--seconds", seconds, 1, MOST_SECONDS);
        within("--warm-up", warmUp, 0, MOST_SECONDS);
        within("--connections", connections, 1, MOST_CONNECTIONS);
        within("--size", size, LEAST_SIZE, MOST_SIZE);
        Consumer<String> progress = context.isJson() ? line -> {} : context.out()::println;
        var order = new Benchmark.Order(connections, size, Duration.ofSeconds(warmUp), Duration.ofSeconds(seconds));
        Path parent = parent();
        try {
            var folder = Files.createTempDirectory(parent, "relais-benchmark.");
            var figures = new Benchmark(context.clock(), order, progress).run(folder, relais());
            return report(figures);
        } catch (BenchmarkFailure e) {
            throw CommandFailure.failed(e.what(), e.remedy());
        } catch (IOException e) {
            throw CommandFailure.failed(
                    "nothing could be measured in " + parent + ": " + e.getMessage(), "name another folder: --in DIR");
        }
    }

    private static void within(String option, int value, int least, int most) throws CommandFailure {
        if (value < least || value > most) {
            throw CommandFailure.wrongUsage(
                    option + " is " + value, "it goes from " + least + " to " + most + "; see relais benchmark --help");
        }
    }

    private Path parent() {
        if (in != null) {
            return in.toAbsolutePath();
        }
        var parent = context.homeFolder().toAbsolutePath().getParent();
        return parent == null ? Path.of("").toAbsolutePath() : parent;
    }

    /** The launcher that started this command, or else this JVM's own program: the server gets its options of old. */
    private List<String> relais() {
        var launcher = context.terminal().environment().get("RELAIS_LAUNCHER");
        if (launcher != null && Files.isExecutable(Path.of(launcher))) {
            return List.of(Path.of(launcher).toAbsolutePath().toString());
        }
        var jvm = ManagementFactory.getRuntimeMXBean();
        var words = new ArrayList<String>();
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        words.addAll(jvm.getInputArguments());
        words.addAll(List.of("-cp", jvm.getClassPath()));
        words.add(System.getProperty("sun.java.command", "").split(" ", 2)[0]);
        return words;
    }

    private int report(Figures figures) throws CommandFailure {
        context.printList(figures.members(), figures.lines());
        if (figures.lost() > 0) {
            throw CommandFailure.failed(figures.lost() + " accepted mails have not arrived at the next hop");
        }
        return 0;
    }
}
