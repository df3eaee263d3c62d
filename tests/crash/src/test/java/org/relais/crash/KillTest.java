package org.relais.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.relais.spool.Accounts;
import org.relais.spool.Disposition;
import org.relais.spool.Origin;
import org.relais.testkit.server.TestHome;
import org.relais.testkit.wire.Deadline;

/**
 * Kills the server at random moments under load, and while it starts, again and again. Every mail that got its 250 comes
 * out byte for byte; twice only if a kill fell between the next hop's 250 and the spool's note of it. The home is kept
 * when a test fails.
 */
@Timeout(value = 2, unit = TimeUnit.HOURS)
class KillTest {
    private static final int IN_PEACE = 500;
    private static final long ON_THE_WAY = 128L << 20;
    private static final long KEPT_OCTETS = 768L << 20;
    /** How long the drain may stand still before what is left counts as lost. */
    private static final Duration STANDSTILL = Duration.ofSeconds(45);

    @TempDir(factory = BuildFolder.class, cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);
    private Ledger ledger = new Ledger(new CrashMails(seed));

    @Test
    void everyAcknowledgedMailIsDeliveredUnalteredWheneverTheServerIsKilled() throws Exception {
        try (var sink = new CrashSink(ledger);
                var server = server(sink)) {
            var lives = new CrashLives(server, ledger, sink::settle, random);
            var box = TimeBox.plain();
            try (var load = CrashLoad.delivered(server.home().ports().smtp(), ledger, seed, ON_THE_WAY)) {
                while (!box.isOver()) {
                    lives.liveAndDie();
                }
                server.startUp();
            }
            lives.drain(STANDSTILL);
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
            var lives = new CrashLives(server, ledger, sink::settle, random);
            var box = TimeBox.held();
            try (var load = CrashLoad.kept(server.home().ports().smtp(), ledger, seed, KEPT_OCTETS)) {
                while (!box.isOver()) {
                    lives.liveAndDie();
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
            lives.drain(STANDSTILL);
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
            var lives = new CrashLives(server, ledger, sink::settle, random);
            server.startUp();
            try (var load = CrashLoad.delivered(server.home().ports().smtp(), ledger, seed, ON_THE_WAY)) {
                assertThat(ledger.awaitAccepted(IN_PEACE, Deadline.in(Duration.ofMinutes(3))))
                        .isTrue();
            }
            lives.drain(STANDSTILL);
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

    /**
     * The same with hops that defer and refuse single recipients, lose connections, hang and die: what comes of each
     * recipient is its own, and each refused one's sender is told.
     */
    @Test
    void eachRecipientHasItsOwnOutcomeWheneverTheServerOrAHopIsKilled() throws Exception {
        ledger = new Ledger(new CrashMails(seed), Fates.mixed(seed));
        try (var hops = new CrashHops(ledger, seed);
                var server = new CrashServer(hops.in(TestHome.in(folder.resolve("home")))
                        .relayFrom("127.0.0.0/8")
                        .create())) {
            var operator = new Operator(server.home());
            var lives = new CrashLives(server, ledger, hops::settle, random);
            var box = TimeBox.hops();
            try (var load = CrashLoad.delivered(server.home().ports().smtp(), ledger, seed, ON_THE_WAY)) {
                while (!box.isOver()) {
                    lives.liveAndDie(hops.any(random), operator);
                }
                server.startUp();
            }
            hops.calm();
            lives.dieAfter(Duration.ZERO);
            server.startUp();
            lives.drain(STANDSTILL, operator);
            assertThat(operator.statistics()).contains("\"addsUp\":true");
            server.stop();
            hops.settle();

            Accounts accounts = SpoolContents.enter(server.spool(), ledger).accounts();
            Verdict verdict = told("kills, bad hops");
            verdict.isSound();
            assertThat(verdict.kept()).as("nothing waits: %s", verdict).isZero();
            assertThat(verdict.returned()).isPositive();
            assertThat(accounts.left(Disposition.FAILED_WITH_DSN)).isEqualTo(verdict.returned());
            assertThat(accounts.came(Origin.DSN)).isEqualTo(verdict.bounces());
            assertThat(accounts.left(Disposition.DELIVERED)).isEqualTo(verdict.delivered() + verdict.bounces());
            assertThat(accounts.came(Origin.ACCEPTED)).isEqualTo(verdict.delivered() + verdict.returned());
            assertThat(accounts.inSpool()).isZero();
            assertThat(verdict.replies()).isEmpty();
        }
    }

    private CrashServer server(CrashSink sink) {
        return new CrashServer(TestHome.in(folder.resolve("home"))
                .smartHost(sink.hostAndPort())
                .relayFrom("127.0.0.0/8")
                .create());
    }

    private Verdict told(String what) {
        Verdict verdict = ledger.verdict();
        System.out.println(what + ", seed " + seed + ": " + verdict);
        return verdict;
    }
}
