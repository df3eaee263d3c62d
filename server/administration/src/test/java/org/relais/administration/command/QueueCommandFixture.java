package org.relais.administration.command;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.relais.administration.fake.FakeServer;
import org.relais.administration.fake.InMemoryDelivery;
import org.relais.administration.fake.InMemoryQueue;
import org.relais.administration.http.AdministrationServer;
import org.relais.administration.http.BearerToken;
import org.relais.administration.http.EndpointFile;
import org.relais.administration.port.SpoolVerification;
import org.relais.configuration.home.Home;
import org.relais.configuration.home.HomeLock;

/** A home with a server of maps behind it, and the command line in front. */
abstract class QueueCommandFixture {
    /** What one command did. */
    record Done(int status, byte[] octets, String err) {
        String out() {
            return new String(octets, StandardCharsets.UTF_8);
        }
    }

    @TempDir
    Path directory;

    final Deque<String> typed = new ArrayDeque<>();
    InMemoryQueue queue;
    InMemoryDelivery delivery;
    AdministrationServer server;
    HomeLock lock;
    SpoolVerification verification = data -> List.of();
    boolean isWatched;

    @BeforeEach
    void start() throws Exception {
        relais("init");
        var home = Home.open(directory.resolve("home"));
        var fake = new FakeServer();
        queue = fake.queue;
        delivery = fake.delivery;
        lock = HomeLock.take(home);
        server = AdministrationServer.start(
                new InetSocketAddress("127.0.0.1", 0),
                EndpointFile.in(home.data()),
                new BearerToken(home.token()),
                fake.routes(home, () -> {}));
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
        lock.close();
    }

    Done relais(String... arguments) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        var errors = new PrintStream(err, true, StandardCharsets.UTF_8);
        var prompt = new Terminal.PasswordPrompt() {
            @Override
            public Optional<String> ask(String text) {
                return Optional.empty();
            }

            @Override
            public Optional<String> askOpenly(String text) {
                if (!typed.isEmpty()) {
                    errors.print(text);
                }
                return Optional.ofNullable(typed.poll());
            }

            @Override
            public boolean isWatched() {
                return isWatched;
            }
        };
        var terminal = new Terminal(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                errors,
                InputStream.nullInputStream(),
                Map.of("RELAIS_HOME", directory.resolve("home").toString()),
                prompt);
        var clock = InstantSource.fixed(Instant.parse("2026-11-23T06:00:00Z"));
        int status = new RelaisCommandLine(
                        terminal,
                        clock,
                        List.of(),
                        (home, settings, user, stop) -> {
                            throw new UnsupportedOperationException("nothing is started here");
                        },
                        verification)
                .execute(arguments);
        return new Done(status, out.toByteArray(), err.toString(StandardCharsets.UTF_8));
    }
}
