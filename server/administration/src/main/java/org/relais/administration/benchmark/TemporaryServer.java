package org.relais.administration.benchmark;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.relais.administration.client.AdministrationClient;
import org.relais.administration.client.RequestFailure;
import org.relais.administration.http.EndpointFile;
import org.relais.configuration.home.Home;
import org.relais.configuration.home.HomeCreator;
import org.relais.configuration.home.HomeException;
import org.relais.configuration.home.HomeOptions;

/**
 * A server in a process and a home of its own, on free ports of 127.0.0.1, all of whose mail goes to one next hop. It has
 * nothing in common with the user's server. {@link #close()}, from any thread and more than once, kills it and removes its
 * folder.
 */
final class TemporaryServer implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration KILLED = Duration.ofSeconds(10);
    private static final int POLL_MILLIS = 20;
    private static final int SHOWN_LINES = 5;

    private static final String CONFIGURATION = """
            <relais>
              <hostname>benchmark.invalid</hostname>
              <domain>local.invalid</domain>
              <listeners><listener protocol="smtp" address="127.0.0.1" port="0"/></listeners>
              <relayFrom><network>127.0.0.0/8</network></relayFrom>
              <routes><route to="*" via="smtp://127.0.0.1:%d"/></routes>
              <limits><connectionsPerClient>1000</connectionsPerClient></limits>
              <administration><port>0</port></administration>
            </relais>
            """;

    private final Path folder;
    private final Path output;
    private final Home home;
    private final Process process;

    private TemporaryServer(Path folder, Path output, Home home, Process process) {
        this.folder = folder;
        this.output = output;
        this.home = home;
        this.process = process;
    }

    /**
     * Makes the home and starts the process; {@link #awaitSmtp} waits for it.
     *
     * @param folder empty; removed at the end
     * @param command starts a relais, without its arguments
     * @param nextHop a port of 127.0.0.1
     */
    static TemporaryServer start(Path folder, List<String> command, InstantSource clock, int nextHop)
            throws IOException, BenchmarkFailure {
        try {
            var home =
                    new HomeCreator(clock, new SecureRandom()).create(folder.resolve("home"), HomeOptions.standard());
            Files.writeString(home.relaisXml(), CONFIGURATION.formatted(nextHop));
            var output = folder.resolve("output");
            var words = new ArrayList<>(command);
            words.addAll(List.of("run", "--home", home.root().toString()));
            var builder = new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(output.toFile());
            builder.environment().put("RELAIS_BUILD", "never");
            var process = builder.start();
            process.getOutputStream().close();
            return new TemporaryServer(folder, output, home, process);
        } catch (HomeException e) {
            throw new BenchmarkFailure(String.valueOf(e.getMessage()), "name another folder: --in DIR");
        }
    }

    Path data() {
        return home.data();
    }

    /** Waits until it listens; the address of its SMTP listener. */
    InetSocketAddress awaitSmtp() throws IOException, InterruptedException, BenchmarkFailure {
        long end = System.nanoTime() + START.toNanos();
        while (System.nanoTime() < end) {
            var administration = EndpointFile.in(home.data()).read();
            if (administration.isPresent()) {
                var port = smtpPort(administration.get());
                if (port != null) {
                    return new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port);
                }
            }
            if (process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
                break;
            }
        }
        throw new BenchmarkFailure("the server did not start: " + lastLines(), "");
    }

    /** Null as long as it does not answer. */
    private @Nullable Integer smtpPort(InetSocketAddress administration) throws BenchmarkFailure {
        try {
            var status = new AdministrationClient(administration, home.token()).get("/status");
            if (status.get("listeners") instanceof List<?> listeners) {
                for (var listener : listeners) {
                    if (listener instanceof Map<?, ?> members
                            && "smtp".equals(members.get("protocol"))
                            && members.get("port") instanceof Long port) {
                        return port.intValue();
                    }
                }
            }
            return null;
        } catch (RequestFailure e) {
            return null; // not yet: awaitSmtp has the deadline
        } catch (HomeException e) {
            throw new BenchmarkFailure(String.valueOf(e.getMessage()), "");
        }
    }

    /** CPU time of the server's process so far; nothing else runs in it. */
    Duration cpu() throws BenchmarkFailure {
        return process.info()
                .totalCpuDuration()
                .filter(cpu -> process.isAlive())
                .orElseThrow(() -> new BenchmarkFailure("the server has ended: " + lastLines(), ""));
    }

    private String lastLines() {
        try {
            var lines = Files.readAllLines(output, StandardCharsets.UTF_8);
            return String.join("\n", lines.subList(Math.max(0, lines.size() - SHOWN_LINES), lines.size()));
        } catch (IOException e) {
            return "its output cannot be read: " + e.getMessage();
        }
    }

    @Override
    public synchronized void close() throws IOException {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        try {
            process.waitFor(KILLED.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        remove(folder);
    }

    /** Removes a folder with all that is in it. */
    static void remove(Path folder) throws IOException {
        if (Files.notExists(folder)) {
            return;
        }
        try (var tree = Files.walk(folder)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
