package org.relais.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.relais.testkit.server.TestHome;
import org.relais.testkit.wire.Deadline;

/**
 * Kills the server at random moments under load, and while it starts, again and again. Every mail that got its 250 comes
 * out byte for byte; twice only if a kill fell between the next hop's 250 and the spool's note of it. The home is kept
 * when a test fails.
 */
@Timeout(value = 2, unit = TimeUnit.HOURS)
class KillTest {
    private static final int LONGEST_LIFE = 3_000;
    private static final int IN_PEACE = 500;
    private static final long ON_THE_WAY = 128L << 20;
    private static final long KEPT_OCTETS = 768L << 20;
    /** How long the drain may stand still before what is left counts as lost. */
    private static final Duration STANDSTILL = Duration.ofSeconds(45);

    @TempDir(factory = BuildFolder.class, cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);
    private final Ledger ledger = new Ledger(new CrashMails(seed));
    private Duration start = Duration.ofSeconds(3);

    @Test
    void everyAcknowledgedMailIsDeliveredUnalteredWheneverTheServerIsKilled() throws Exception {
        try (var sink = new CrashSink(ledger);
                var server = server(sink)) {
            var box = TimeBox.plain();
            try (var load = CrashLoad.delivered(server.home().ports().smtp(), ledger, seed, ON_THE_WAY)) {
                while (!box.isOver()) {
                    liveAndDie(server, sink);
                }
                server.startUp();
            }
            drain(server);
            server.stop();
            sink.settle();

            var contents = SpoolContents.enter(server.spool(), ledger);
            Verdict verdict = told("kills");
            verdict.isSound();
            assertThat(contents.damages()).as(verdict.toString()).isEmpty();
            assertThat(verdict.mails()).containsOnlyKeys(CrashMails.Framing.values());
            assertThat(verdict.replies()).isEmpty();
        }
    }

    @Test
    void everythingHeldIsInTheSpoolExactlyOnceWheneverTheServerIsKilledAndIsDeliveredOnceWhenReleased()
            throws Exception {
        try (var sink = new CrashSink(ledger);
                var server = server(sink)) {
            Files.createDirectories(server.spool());
            SpoolContents.holdAll(server.spool(), true);
            var box = TimeBox.held();
            try (var load = CrashLoad.kept(server.home().ports().smtp(), ledger, seed, KEPT_OCTETS)) {
                while (!box.isOver()) {
                    liveAndDie(server, sink);
                }
                server.startUp();
            }
            server.killAfter(Duration.ZERO);
            sink.settle();
            var held = SpoolContents.enter(server.spool(), ledger);
            Verdict whileHeld = told("kills, held");
            whileHeld.isSound();
            assertThat(held.damages()).as(whileHeld.toString()).isEmpty();
            assertThat(whileHeld.delivered()).isZero();
            assertThat(whileHeld.kept()).isGreaterThanOrEqualTo(whileHeld.acknowledged());

            SpoolContents.holdAll(server.spool(), false);
            server.startUp();
            drain(server);
            server.stop();
            sink.settle();

            SpoolContents.enter(server.spool(), ledger);
            Verdict released = told("released");
            released.isSound();
            assertThat(released.repeated()).as(released.toString()).isZero();
            assertThat(released.delivered()).isGreaterThanOrEqualTo(released.acknowledged());
        }
    }

    /** Without a kill nothing comes twice: what this finds is a fault of these tests, or of the server in peace. */
    @Test
    void everythingIsDeliveredOnceInPeace() throws Exception {
        try (var sink = new CrashSink(ledger);
                var server = server(sink)) {
            server.startUp();
            try (var load = CrashLoad.delivered(server.home().ports().smtp(), ledger, seed, ON_THE_WAY)) {
                assertThat(ledger.awaitAccepted(IN_PEACE, Deadline.in(Duration.ofMinutes(3))))
                        .isTrue();
            }
            drain(server);
            server.stop();
            sink.settle();

            SpoolContents.enter(server.spool(), ledger);
            Verdict verdict = told("in peace");
            verdict.isSound();
            assertThat(verdict.repeated()).isZero();
            assertThat(verdict.kept()).isZero();
            assertThat(verdict.replies()).isEmpty();
        }
    }

    private CrashServer server(CrashSink sink) {
        return new CrashServer(TestHome.in(folder.resolve("home"))
                .smartHost(sink.hostAndPort())
                .relayFrom("127.0.0.0/8")
                .create());
    }

    /** One life: one in four ends while it starts, the others at a random moment under load. */
    private void liveAndDie(CrashServer server, CrashSink sink) throws IOException, InterruptedException {
        long began = System.nanoTime();
        server.start();
        if (random.nextInt(4) == 0) {
            server.killAfter(Duration.ofMillis(random.nextInt((int) start.toMillis())));
        } else {
            server.awaitGreeting();
            start = Duration.ofNanos(System.nanoTime() - began);
            server.killAfter(Duration.ofMillis(random.nextInt(LONGEST_LIFE)));
        }
        long died = System.nanoTime();
        sink.settle();
        ledger.killed(died);
    }

    /** Waits for what is outstanding for as long as some of it comes. */
    private void drain(CrashServer server) throws InterruptedException {
        long left = ledger.outstanding();
        while (left > 0) {
            if (server.endsWithin(Duration.ZERO)) {
                throw new AssertionError("the server ended by itself\n" + String.join("\n", server.output()));
            }
            if (!ledger.awaitRoom(left, Long.MAX_VALUE, Deadline.in(STANDSTILL))) {
                return;
            }
            left = ledger.outstanding();
        }
    }

    private Verdict told(String what) {
        Verdict verdict = ledger.verdict();
        System.out.println(what + ", seed " + seed + ": " + verdict);
        return verdict;
    }
}
