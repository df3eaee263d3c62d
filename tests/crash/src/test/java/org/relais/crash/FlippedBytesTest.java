package org.relais.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.relais.spool.DamagedRecord;
import org.relais.testkit.server.TestHome;
import org.relais.testkit.wire.Deadline;

/** Octets of the spool change while the server is down: each damage is named, and all other mail lives. */
@Timeout(600)
class FlippedBytesTest {
    private static final Duration SOON = Duration.ofSeconds(90);
    private static final int MAILS = 400;
    private static final int FLIPS = 12;
    /** Where an envelope looks for its message when that is what was damaged. */
    private static final String CONSEQUENCE = "(no file)";

    @TempDir(factory = BuildFolder.class, cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);
    private final Ledger ledger = new Ledger(new CrashMails(seed));

    @Test
    void eachDamageIsNamedAndEveryOtherMailIsDelivered() throws Exception {
        try (var sink = new CrashSink(ledger);
                var server = new CrashServer(TestHome.in(folder.resolve("home"))
                        .smartHost(sink.hostAndPort())
                        .relayFrom("127.0.0.0/8")
                        .create())) {
            SpoolContents.holdAll(Files.createDirectories(server.spool()), true);
            server.startUp();
            try (var load = CrashLoad.kept(server.home().ports().smtp(), ledger, seed, Long.MAX_VALUE)) {
                assertThat(ledger.awaitAccepted(MAILS, Deadline.in(SOON))).isTrue();
            }
            server.killAfter(Duration.ZERO);
            SpoolContents.enter(server.spool(), ledger);
            assertThat(ledger.verdict().lost()).isEmpty();
            Set<String> hit = flip(server.spool());

            List<DamagedRecord> named = SpoolContents.verify(server.spool());
            SpoolContents contents = SpoolContents.enter(server.spool(), ledger);

            Set<CrashMails.Copy> affected = new HashSet<>(ledger.verdict().lost());
            Set<Integer> mails = new HashSet<>();
            affected.forEach(copy -> mails.add(copy.id()));
            String what = "seed " + seed + ", flipped in " + hit + ", named " + named + ", affected mails " + mails;
            System.out.println(what);
            assertThat(named)
                    .as(what)
                    .isNotEmpty()
                    .allMatch(damage ->
                            hit.contains(damage.file()) || damage.file().equals(CONSEQUENCE));
            assertThat(mails.size()).as(what).isLessThanOrEqualTo(Math.min(FLIPS, named.size()));

            SpoolContents.holdAll(server.spool(), false);
            server.startUp();
            assertThat(ledger.awaitRoom(affected.size() + 1, Long.MAX_VALUE, Deadline.in(SOON)))
                    .as("all others are delivered: %s", ledger.verdict())
                    .isTrue();
            assertThat(server.output())
                    .as("an ERROR names the damage")
                    .anyMatch(line -> contents.damages().isEmpty()
                            || contents.damages().stream()
                                    .anyMatch(damage -> line.contains("ERROR") && line.contains(damage.file())));
            server.stop();
            sink.settle();

            Verdict verdict = ledger.verdict();
            assertThat(verdict.faults()).as(what).isEmpty();
            assertThat(verdict.repeated()).as(what).isZero();
        }
    }

    /** Flips a bit in so many octets, wherever there are many; returns the files. */
    private Set<String> flip(Path spool) throws IOException {
        List<Path> files = new ArrayList<>();
        for (String part : List.of("log", "large")) {
            try (Stream<Path> some = Files.list(spool.resolve(part))) {
                files.addAll(some.filter(Files::isRegularFile).sorted().toList());
            }
        }
        long all = 0;
        for (Path file : files) {
            all += Files.size(file);
        }
        Set<String> hit = new HashSet<>();
        for (int i = 0; i < FLIPS; i++) {
            long at = (long) (random.nextDouble() * all);
            for (Path file : files) {
                long size = Files.size(file);
                if (at < size) {
                    flip(file, at);
                    hit.add(spool.relativize(file).toString());
                    break;
                }
                at -= size;
            }
        }
        Path checkpoint = spool.resolve("checkpoint");
        if (Files.exists(checkpoint)) {
            flip(checkpoint, Files.size(checkpoint) / 2);
            hit.add("checkpoint");
        }
        return hit;
    }

    private void flip(Path file, long at) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer octet = ByteBuffer.allocate(1);
            channel.read(octet, at);
            octet.put(0, (byte) (octet.get(0) ^ 1 << random.nextInt(8)));
            octet.rewind();
            channel.write(octet, at);
        }
    }
}
