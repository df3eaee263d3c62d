package org.relais.testkit.server;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.relais.testkit.wire.Deadline;

/**
 * A program that a test starts, with its output kept (standard output and error as one, the last 5,000 lines). One thread
 * reads it. {@link #close()} kills what is left.
 */
public final class ChildProcess implements AutoCloseable {
    private static final int MAX_LINES = 5_000;
    private static final Duration KILLED = Duration.ofSeconds(10);

    private final Process process;
    private final String name;
    private final List<String> output = new ArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition more = lock.newCondition();
    private final Thread reader;
    private boolean ended;

    private ChildProcess(Process process, String name) {
        this.process = process;
        this.name = name;
        this.reader = new Thread(this::read, "output of " + name);
        reader.setDaemon(true);
        reader.start();
    }

    /** Starts a program with these words, this text on its standard input, and these variables besides the own ones. */
    public static ChildProcess start(List<String> words, String input, Map<String, String> environment) {
        ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
        builder.environment().putAll(environment);
        try {
            Process process = builder.start();
            try (var in = process.getOutputStream()) {
                in.write(input.getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                // A program that ends without reading its input tells why in its output.
            }
            return new ChildProcess(process, words.get(0));
        } catch (IOException e) {
            throw new UncheckedIOException("could not start " + words, e);
        }
    }

    private void read() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                add(line);
            }
        } catch (IOException e) {
            add("(output ended: " + e.getMessage() + ")");
        }
        lock.lock();
        try {
            ended = true;
            more.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void add(String line) {
        lock.lock();
        try {
            if (output.size() == MAX_LINES) {
                output.remove(0);
            }
            output.add(line);
            more.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The output so far. */
    public List<String> output() {
        lock.lock();
        try {
            return List.copyOf(output);
        } finally {
            lock.unlock();
        }
    }

    /** Waits for a line of the output. */
    public String awaitLine(String what, Predicate<String> wanted, Duration allowed) {
        Deadline deadline = Deadline.in(allowed);
        lock.lock();
        try {
            int seen = 0;
            while (true) {
                for (; seen < output.size(); seen++) {
                    if (wanted.test(output.get(seen))) {
                        return output.get(seen);
                    }
                }
                if (ended || deadline.isPast()) {
                    throw failure("no " + what + (ended ? " before its end" : " within " + allowed));
                }
                if (!more.await(deadline.left().toNanos(), TimeUnit.NANOSECONDS) && seen == output.size()) {
                    throw failure("no " + what + " within " + allowed);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        } finally {
            lock.unlock();
        }
    }

    /** Waits for the end; returns the exit status. */
    public int awaitExit(Duration allowed) {
        try {
            if (!process.waitFor(allowed.toNanos(), TimeUnit.NANOSECONDS)) {
                throw failure("did not end within " + allowed);
            }
            reader.join(KILLED.toMillis());
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /** Whether it has ended by itself when this time is over. */
    public boolean endsWithin(Duration allowed) {
        try {
            return process.waitFor(allowed.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    public long pid() {
        return process.pid();
    }

    /** Asks it to end: SIGTERM. */
    public void terminate() {
        process.toHandle().destroy(); // Process.destroy() would close the output as well
    }

    /** Ends it at once: SIGKILL. */
    public void kill() {
        process.toHandle().destroyForcibly();
    }

    /** Resident memory in octets, of this process alone. */
    public long residentOctets() {
        return status("VmRSS") * 1024;
    }

    public long threads() {
        return status("Threads");
    }

    /** How many threads it has by name: the kernel's, cut at 15 characters, without the number that ends it. */
    public Map<String, Long> threadsByName() {
        try (Stream<Path> tasks = Files.list(Path.of("/proc", Long.toString(process.pid()), "task"))) {
            return tasks.flatMap(ChildProcess::name)
                    .collect(Collectors.groupingBy(name -> name, TreeMap::new, Collectors.counting()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<String> name(Path task) {
        try {
            return Stream.of(Files.readString(task.resolve("comm")).strip().replaceAll("[-#\\d]+$", ""));
        } catch (IOException ended) {
            return Stream.empty();
        }
    }

    private long status(String field) {
        try {
            return Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status")).stream()
                    .filter(l -> l.startsWith(field + ":"))
                    .map(l -> Long.parseLong(l.replaceAll("[^0-9]", "")))
                    .findFirst()
                    .orElseThrow(() -> failure("has no " + field));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private AssertionError failure(String what) {
        return new AssertionError(name + ": " + what + "\n" + String.join("\n", output()));
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        try {
            process.waitFor(KILLED.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
