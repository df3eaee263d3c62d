package org.relais.testkit.server;

import java.io.File;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.relais.testkit.wire.Deadline;
import org.relais.testkit.wire.Wire;

/**
 * Relais as a process of its own: {@code relais run} on a home, for what a test inside the JVM cannot do (signals, kill,
 * resident memory). The same class path as the test runs, or the launcher where one asks for it. {@link #close()} kills
 * what still runs.
 */
public final class RelaisProcess implements AutoCloseable {
    private static final String MAIN = "org.relais.distribution.Main";
    /** Modules are folders or jars, as Maven was asked to test or to package. */
    private static final Pattern OURS_OR_PICOCLI = Pattern.compile("/target/classes/?$|/(relais|picocli)-[^/]*\\.jar$");

    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration COMMAND = Duration.ofSeconds(60);

    private final ChildProcess child;
    private final TestHome home;

    private RelaisProcess(ChildProcess child, TestHome home) {
        this.child = child;
        this.home = home;
    }

    /** Starts {@code run}; returns once every listener is bound: the administration is the last. */
    public static RelaisProcess run(TestHome home, String... jvmOptions) {
        return started(begin(home, jvmOptions), home);
    }

    /** Begins {@code run} and waits for nothing: for a test that kills while it starts. */
    public static ChildProcess begin(TestHome home, String... jvmOptions) {
        return ChildProcess.start(java(List.of(jvmOptions), home, "run"), "", Map.of());
    }

    /** The same by the script {@code ./relais} of a checkout, without building. */
    public static RelaisProcess launch(Path checkout, TestHome home) {
        return started(
                ChildProcess.start(
                        List.of(
                                checkout.resolve("relais").toString(),
                                "run",
                                "--home",
                                home.root().toString()),
                        "",
                        Map.of("RELAIS_BUILD", "never")),
                home);
    }

    private static RelaisProcess started(ChildProcess child, TestHome home) {
        try {
            awaitPort(child, home.ports().administration());
            return new RelaisProcess(child, home);
        } catch (RuntimeException | Error e) {
            child.close();
            throw e;
        }
    }

    /** Runs {@code run} and expects that it refuses to start; returns it when it has ended. */
    public static ChildProcess refused(TestHome home) {
        ChildProcess child = ChildProcess.start(java(List.of(), home, "run"), "", Map.of());
        child.awaitExit(START);
        return child;
    }

    /** Runs any command to its end, with this text on its standard input. */
    public static ChildProcess command(TestHome home, String input, String... words) {
        ChildProcess child = ChildProcess.start(java(List.of(), home, words), input, Map.of());
        child.awaitExit(COMMAND);
        return child;
    }

    /** As {@link #command}, with our own classes and picocli's alone: so the launcher does what talks to a server. */
    public static ChildProcess client(TestHome home, String input, String... words) {
        List<String> all = java(List.of("-XX:TieredStopAtLevel=1"), home, words);
        all.set(all.indexOf("-cp") + 1, clientClassPath());
        ChildProcess child = ChildProcess.start(all, input, Map.of());
        child.awaitExit(COMMAND);
        return child;
    }

    private static String clientClassPath() {
        return Arrays.stream(classPath().split(File.pathSeparator))
                .filter(entry -> OURS_OR_PICOCLI.matcher(entry).find())
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static List<String> java(List<String> jvmOptions, TestHome home, String... words) {
        List<String> all = new ArrayList<>();
        all.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        all.add("-XX:+UseSerialGC");
        all.add("-XX:-UseDynamicNumberOfCompilerThreads"); // so that a test can count the server's threads
        all.addAll(jvmOptions);
        all.add("-cp");
        all.add(classPath());
        all.add(MAIN);
        all.addAll(List.of(words));
        all.addAll(List.of("--home", home.root().toString()));
        return all;
    }

    /** The test's own class path; surefire hands it to its fork by a property of its own. */
    private static String classPath() {
        return Optional.ofNullable(System.getProperty("surefire.test.class.path"))
                .orElseGet(() -> System.getProperty("java.class.path"));
    }

    private static void awaitPort(ChildProcess child, int port) {
        Deadline deadline = Deadline.in(START);
        while (child.isAlive() && !deadline.isPast()) {
            try (Wire wire = Wire.connect(new InetSocketAddress("127.0.0.1", port))) {
                return;
            } catch (IOException e) {
                pause();
            }
        }
        throw new AssertionError("nothing listens on port " + port + "\n" + String.join("\n", child.output()));
    }

    /** Between two attempts to connect: nothing tells from outside that a port is open. */
    private static void pause() {
        LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }

    public TestHome home() {
        return home;
    }

    public RelaisPorts ports() {
        return home.ports();
    }

    public AdministrationClient administration() {
        return new AdministrationClient(home);
    }

    /** The process: output, signals, memory, threads, end. */
    public ChildProcess child() {
        return child;
    }

    @Override
    public void close() {
        child.close();
    }
}
