package org.relais.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.relais.testkit.server.TestHome;
import org.relais.testkit.wire.Deadline;

/** The disk says no: senders are told to come again, what was accepted is safe, and room that comes back is used. */
@Timeout(600)
class DiskTest {
    private static final Duration SOON = Duration.ofSeconds(90);
    private static final String FULL = "452 4.3.1";
    private static final int DISK = 256;
    private static final long FIT = 24L << 20;

    @TempDir(factory = BuildFolder.class, cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    private final long seed = System.nanoTime();
    private final Ledger ledger = new Ledger(new CrashMails(seed));

    @Test
    void losesNothingWhenTheDiskIsFullAndWhenItIsKilledThenAndTakesMailAgainWhenThereIsRoom() throws Exception {
        try (var disk = SmallDisk.mounted(folder, DISK);
                var sink = new CrashSink(ledger);
                var server = server(disk, sink)) {
            server.startUp();
            try (var load = CrashLoad.delivered(server.home().ports().smtp(), ledger, seed, FIT)) {
                accepts(50);
                disk.fill();
                refuses(20);
                // By itself, without a restart.
                disk.empty();
                accepts(50);
                disk.fill();
                refuses(20);
                server.killAfter(Duration.ofMillis(200));
                long died = System.nanoTime();
                sink.settle();
                ledger.killed(died);
                restartOnTheFullDisk(server);
                disk.empty();
                if (!server.isAlive()) {
                    server.startUp();
                }
                accepts(50);
            }
            assertThat(ledger.awaitRoom(1, Long.MAX_VALUE, Deadline.in(SOON)))
                    .as("all delivered: %s", ledger.verdict())
                    .isTrue();
            server.stop();
            sink.settle();

            SpoolContents contents = SpoolContents.enter(server.spool(), ledger);
            Verdict verdict = ledger.verdict();
            System.out.println("full disk, seed " + seed + ": " + verdict);
            verdict.isSound();
            assertThat(contents.damages()).isEmpty();
            assertThat(SpoolContents.verify(server.spool())).isEmpty();
            assertThat(verdict.replies().keySet()).as(verdict.toString()).allMatch(reply -> reply.contains(": 4"));
        }
    }

    @Test
    void aReadOnlyDiskIsToldInWordsAtTheStart() throws Exception {
        try (var disk = SmallDisk.mounted(folder, DISK);
                var sink = new CrashSink(ledger);
                var server = server(disk, sink)) {
            server.startUp();
            server.stop();
            disk.makeReadOnly();

            server.start();

            assertThat(server.exitStatus()).isEqualTo(1);
            String output = String.join("\n", server.output());
            assertThat(output).containsIgnoringCase("read-only").doesNotContain("\tat ");
        }
    }

    /** The same as on a full disk, where no disk can be made: everything is held until the quota is reached. */
    @Test
    void losesNothingWhenTheQuotaIsReachedAndTakesMailAgainWhenThereIsRoom() throws Exception {
        try (var sink = new CrashSink(ledger);
                var server = new CrashServer(TestHome.in(folder.resolve("home"))
                        .smartHost(sink.hostAndPort())
                        .relayFrom("127.0.0.0/8")
                        .with("<spool><quota>64M</quota></spool>")
                        .create())) {
            SpoolContents.holdAll(Files.createDirectories(server.spool()), true);
            server.startUp();
            try (var load = CrashLoad.kept(server.home().ports().smtp(), ledger, seed, Long.MAX_VALUE)) {
                refuses(20);
                server.killAfter(Duration.ofMillis(200));
                ledger.killed(System.nanoTime());
                SpoolContents.holdAll(server.spool(), false);
                server.startUp();
                accepts(50);
            }
            assertThat(ledger.awaitRoom(1, Long.MAX_VALUE, Deadline.in(SOON)))
                    .as("all delivered: %s", ledger.verdict())
                    .isTrue();
            server.stop();
            sink.settle();

            SpoolContents.enter(server.spool(), ledger);
            Verdict verdict = ledger.verdict();
            System.out.println("quota, seed " + seed + ": " + verdict);
            verdict.isSound();
            assertThat(verdict.repeated()).as(verdict.toString()).isZero();
            assertThat(verdict.replies().keySet()).as(verdict.toString()).allMatch(reply -> reply.endsWith(FULL));
        }
    }

    private static CrashServer server(SmallDisk disk, CrashSink sink) {
        return new CrashServer(TestHome.in(disk.root().resolve("home"))
                .smartHost(sink.hostAndPort())
                .relayFrom("127.0.0.0/8")
                .create());
    }

    /** It comes up and refuses, or it ends and says why. */
    private void restartOnTheFullDisk(CrashServer server) throws Exception {
        server.start();
        if (server.greetsOrEnds()) {
            refuses(5);
        } else {
            assertThat(String.join("\n", server.output())).containsAnyOf("No space left", "full", "space");
        }
    }

    private void accepts(int mails) throws InterruptedException {
        assertThat(ledger.awaitAccepted(ledger.acceptedMails() + mails, Deadline.in(SOON)))
                .as("mail is accepted: %s", ledger.verdict())
                .isTrue();
    }

    private void refuses(int mails) throws InterruptedException {
        assertThat(ledger.awaitReplies(FULL, ledger.repliesLike(FULL) + mails, Deadline.in(SOON)))
                .as("mail is refused with %s: %s", FULL, ledger.verdict())
                .isTrue();
    }
}
