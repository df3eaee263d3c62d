package org.relais.spool.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.lang.ProcessBuilder.Redirect;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.relais.spool.BrowseFilter;
import org.relais.spool.EnvelopeId;
import org.relais.spool.Page;
import org.relais.spool.engine.DurableSpool;
import org.relais.spool.engine.SpoolSettings;

/**
 * Kills a process that uses a spool, at random moments, again and again. What was acknowledged must be there, once and
 * byte for byte. {@code -Drelais.crash.seconds} is the time of all crash tests together, tests/crash among them; this one
 * takes a tenth.
 */
final class CrashTest {
    private static final Duration DURATION =
            Duration.ofSeconds(Long.getLong("relais.crash.seconds", 300)).dividedBy(10);

    @TempDir
    Path directory;

    /** What the killed processes said. */
    private final Set<Long> added = new HashSet<>();

    private final Set<Long> removing = new HashSet<>();
    private final Set<Long> removed = new HashSet<>();
    private long highestSeed = 1_000_000;

    @Test
    void losesAndAltersNothingThatWasAcknowledgedWheneverItIsKilled() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        long end = System.nanoTime() + DURATION.toNanos();
        int rounds = 0;
        while (System.nanoTime() < end) {
            runAndKill(random.nextInt(1500));
            check("seed " + seed + " round " + rounds);
            rounds++;
        }
        System.out.printf(
                "%d kills, %d mails acknowledged, %d removed, seed %d%n", rounds, added.size(), removed.size(), seed);
        assertThat(rounds).isPositive();
        assertThat(added).isNotEmpty();
    }

    private void runAndKill(int millis) throws Exception {
        // A process can append and be killed before it says anything: its seeds must not be used again.
        highestSeed += 1000;
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        CrashLoad.class.getName(),
                        directory.toString(),
                        Long.toString(highestSeed + 1))
                .redirectError(Redirect.DISCARD)
                .start();
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII))) {
            assertThat(out.readLine()).isEqualTo("started");
            Thread killer = new Thread(() -> {
                try {
                    process.waitFor(millis, TimeUnit.MILLISECONDS);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                // Process.destroyForcibly would close the pipe, and what was said last would be lost.
                process.toHandle().destroyForcibly();
            });
            killer.start();
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                note(line);
            }
            killer.join();
        }
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }

    /** The last line can be cut short by the kill: then it does not count. */
    private void note(String line) {
        assertThat(line).doesNotStartWith("failed");
        String[] words = line.split(" ");
        if (words.length < 3) {
            return;
        }
        long seed = Long.parseLong(words[1]);
        highestSeed = Math.max(highestSeed, seed + 1000);
        switch (words[0]) {
            case "added" -> added.add(seed);
            case "removing" -> removing.add(seed);
            case "removed" -> removed.add(seed);
            default -> throw new AssertionError(line);
        }
    }

    private void check(String when) throws Exception {
        DurableSpool spool =
                LogSpool.open(SpoolSettings.in(directory).withSegmentBytes(1 << 20), Clock.systemUTC(), Runnable::run);
        Map<Long, Integer> found = new HashMap<>();
        try {
            assertThat(spool.damages()).as(when).isEmpty();
            assertThat(spool.accounts().difference()).as(when).isZero();
            Optional<EnvelopeId> after = Optional.empty();
            do {
                Page page = spool.browse(BrowseFilter.ALL, after, 1000);
                for (Page.Entry entry : page.entries()) {
                    Page.Entry.Item item = (Page.Entry.Item) entry;
                    byte[] bytes;
                    try (InputStream in =
                            spool.content(item.envelope().message()).open()) {
                        bytes = in.readAllBytes();
                    }
                    long seed = ByteBuffer.wrap(bytes).getLong();
                    assertThat(bytes).as("%s mail %d", when, seed).isEqualTo(CrashLoad.content(seed));
                    found.merge(seed, 1, Integer::sum);
                }
                after = page.next();
            } while (after.isPresent());
        } finally {
            spool.close();
        }
        Set<Long> expected = new HashSet<>(added);
        expected.removeAll(removing);
        assertThat(expected).as(when).allMatch(found::containsKey);
        assertThat(removed).as(when).noneMatch(found::containsKey);
        assertThat(found)
                .as(when)
                .allSatisfy((seed, count) ->
                        assertThat(count).as("how often mail %d is there", seed).isOne());
        // Found, but never said to be removed: removing it may have been lost with the process, it may go later.
        removing.removeIf(seed -> !removed.contains(seed) && found.containsKey(seed));
    }
}
