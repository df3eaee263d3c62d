package org.relais.spool.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.relais.spool.EnvelopeId;
import org.relais.spool.SpoolException;
import org.relais.spool.engine.DurableSpool;
import org.relais.spool.engine.SpoolSettings;

/** A real file system of 48 MiB on a loop device, which really gets full. Needs root; otherwise it says so. */
final class SmallFileSystemTest {
    @TempDir
    Path scratch;

    private final List<DurableSpool> opened = new ArrayList<>();
    private Path mount;

    @BeforeEach
    void makeFileSystem() throws Exception {
        mount = Files.createDirectory(scratch.resolve("mount"));
        Path image = scratch.resolve("image");
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength(48 << 20);
        }
        boolean isMounted = run("mkfs.ext4", "-q", image.toString())
                && run("mount", "-o", "loop", image.toString(), mount.toString());
        if (!isMounted) {
            System.err.println("SKIPPED: SmallFileSystemTest needs root, mkfs.ext4 and loop devices");
        }
        assumeTrue(isMounted, "no loop mounts here");
    }

    @AfterEach
    void unmount() throws Exception {
        for (DurableSpool spool : opened) {
            spool.close();
        }
        // Lazily: whoever looks at the mount in this moment, as an indexer may, would keep it busy.
        run("umount", "-l", mount.toString());
    }

    @Test
    void losesNothingWhenTheDiskIsFullAndTakesMailAgainWhenItIsNot() throws Exception {
        DurableSpool spool = open(Long.MIN_VALUE / 4);
        LogSpoolFixture.awaitThat(() -> Files.exists(mount.resolve("spool/reserve")));
        List<EnvelopeId> accepted = new ArrayList<>();
        byte[] mail = LogSpoolFixture.random(60_000);
        byte[] large = LogSpoolFixture.random(700_000);
        int refusals = 0;
        for (int i = 0; refusals < 20; i++) {
            try {
                accepted.add(LogSpoolFixture.append(spool, "Q" + i, i % 10 == 0 ? large : mail));
            } catch (SpoolException.Full e) {
                refusals++;
            }
        }
        assertThat(accepted).hasSizeGreaterThan(50);
        for (EnvelopeId id : accepted.subList(0, accepted.size() / 2)) {
            LogSpoolFixture.deliver(spool, id);
        }
        List<EnvelopeId> left = accepted.subList(accepted.size() / 2, accepted.size());

        LogSpoolFixture.awaitThat(() -> accepts(spool, mail));

        assertThat(LogSpoolFixture.readable(spool).keySet())
                .containsAll(left.stream().map(EnvelopeId::value).toList());
        assertThat(spool.accounts().difference()).isZero();
        spool.close();
        assertThat(SpoolVerify.of(mount.resolve("spool")).damages()).isEmpty();
    }

    @Test
    void refusesBeforeItIsFull() throws Exception {
        try (DurableSpool spool = open(40 << 20)) {
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 500; i++) {
                            spool.checkRoom(60_000);
                            LogSpoolFixture.append(spool, "Q" + i, LogSpoolFixture.random(60_000));
                        }
                    })
                    .isInstanceOf(SpoolException.Full.class);

            long free = Files.getFileStore(mount).getUsableSpace();
            // The disk is asked five times a second: what came in between may go below.
            assertThat(free).isGreaterThan(10 << 20);
        }
    }

    @Test
    void refusesAReadOnlyFileSystemButVerifiesThere() throws Exception {
        try (DurableSpool spool = open(1 << 20)) {
            LogSpoolFixture.append(spool, "x");
        }
        assumeTrue(run("mount", "-o", "remount,ro", mount.toString()), "no remount here");

        assertThatThrownBy(() -> open(1 << 20)).isInstanceOf(SpoolException.Unusable.class);
        assertThat(SpoolVerify.of(mount.resolve("spool")).isSound()).isTrue();
    }

    private DurableSpool open(long minimumFree) throws SpoolException {
        DurableSpool spool = LogSpool.open(
                SpoolSettings.in(mount.resolve("spool"))
                        .withSegmentBytes(1 << 20)
                        .withMinimumFree(minimumFree),
                Clock.systemUTC(),
                Runnable::run);
        opened.add(spool);
        return spool;
    }

    private static boolean accepts(DurableSpool spool, byte[] mail) throws Exception {
        try {
            LogSpoolFixture.append(spool, "again", mail);
            return true;
        } catch (SpoolException.Full e) {
            return false;
        }
    }

    private static boolean run(String... command) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(60, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
