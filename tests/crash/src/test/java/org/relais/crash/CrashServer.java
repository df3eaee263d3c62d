package org.relais.crash;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.relais.testkit.server.ChildProcess;
import org.relais.testkit.server.RelaisProcess;
import org.relais.testkit.server.TestHome;
import org.relais.testkit.wire.Deadline;
import org.relais.testkit.wire.Wire;

/** A server on one home that is started and killed again and again. For one thread; {@link #close()} kills what runs. */
final class CrashServer implements AutoCloseable {
    /** Lives are short here: what the second compiler would give comes too late. */
    private static final String QUICK_START = "-XX:TieredStopAtLevel=1";

    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration STOP = Duration.ofSeconds(60);

    private final TestHome home;
    private @Nullable ChildProcess process;

    CrashServer(TestHome home) {
        this.home = home;
    }

    TestHome home() {
        return home;
    }

    Path spool() {
        return home.root().resolve("data/spool");
    }

    /** Starts, and waits for nothing. */
    void start() {
        close();
        process = RelaisProcess.begin(home, QUICK_START);
    }

    /** Starts, and waits for the greeting. */
    void startUp() throws IOException {
        start();
        awaitGreeting();
    }

    void awaitGreeting() throws IOException {
        if (!greetsOrEnds()) {
            throw new AssertionError("the server did not come up\n" + outputText());
        }
    }

    /** Waits for the greeting; false if the server ended instead. */
    boolean greetsOrEnds() throws IOException {
        Deadline deadline = Deadline.in(START);
        while (!isGreeted(deadline)) {
            if (!isAlive()) {
                return false;
            }
            if (deadline.isPast()) {
                throw new AssertionError("neither a greeting nor an end within " + START + "\n" + outputText());
            }
            // Nothing tells from outside that a port is open.
            LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
        }
        return true;
    }

    boolean isAlive() {
        return running().isAlive();
    }

    private boolean isGreeted(Deadline deadline) throws IOException {
        try (Wire wire =
                Wire.connect(new InetSocketAddress("127.0.0.1", home.ports().smtp()))) {
            return wire.readLine(1000, deadline)
                    .filter(l -> l.startsWith("220"))
                    .isPresent();
        } catch (IOException e) {
            return false;
        }
    }

    /** Lets it run for so long; an end of its own is a fault. */
    void liveFor(Duration life) {
        if (running().endsWithin(life)) {
            throw new AssertionError("the server ended by itself\n" + outputText());
        }
    }

    /** Lets it run for so long and kills it; an end of its own is a fault. Returns when it is dead. */
    void killAfter(Duration life) {
        liveFor(life);
        running().kill();
        running().awaitExit(STOP);
    }

    /** Whether it ends by itself within this time. */
    boolean endsWithin(Duration allowed) {
        return running().endsWithin(allowed);
    }

    int exitStatus() {
        return running().awaitExit(STOP);
    }

    /** An orderly stop. */
    void stop() {
        running().terminate();
        running().awaitExit(STOP);
    }

    long pid() {
        return running().pid();
    }

    List<String> output() {
        return running().output();
    }

    private String outputText() {
        return String.join("\n", output());
    }

    private ChildProcess running() {
        if (process == null) {
            throw new IllegalStateException("not started");
        }
        return process;
    }

    @Override
    public void close() {
        if (process != null) {
            process.close();
        }
    }
}
