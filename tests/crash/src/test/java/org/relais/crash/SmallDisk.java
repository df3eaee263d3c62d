package org.relais.crash;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.relais.testkit.server.ChildProcess;

/** A real file system of a few MiB on a loop device, which really gets full. Needs root; otherwise the test says so. */
final class SmallDisk implements AutoCloseable {
    private static final Duration COMMAND = Duration.ofSeconds(60);

    private final Path mount;

    private SmallDisk(Path mount) {
        this.mount = mount;
    }

    /** Makes and mounts one in this folder, or skips the test loudly. */
    static SmallDisk mounted(Path folder, int mebibytes) throws IOException {
        Path mount = Files.createDirectory(folder.resolve("mount"));
        Path image = folder.resolve("image");
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength((long) mebibytes << 20);
        }
        boolean isMounted = run("mkfs.ext4", "-q", "-m", "0", image.toString())
                && run("mount", "-o", "loop", image.toString(), mount.toString());
        if (!isMounted) {
            System.err.println("SKIPPED: a crash test that needs root, mkfs.ext4 and loop devices");
        }
        assumeTrue(isMounted, "no loop mounts here");
        return new SmallDisk(mount);
    }

    Path root() {
        return mount;
    }

    /** Takes every free octet, as a neighbour on the same disk would. */
    void fill() throws IOException {
        try (FileChannel channel = FileChannel.open(filler(), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            for (int block = 1 << 20; block >= 512; block /= 2) {
                fillWith(channel, block);
            }
        }
    }

    private static void fillWith(FileChannel channel, int block) throws IOException {
        try {
            while (true) {
                channel.write(ByteBuffer.allocate(block));
                channel.force(false); // so that the blocks are really taken
            }
        } catch (IOException e) {
            if (e.getMessage() == null || !e.getMessage().contains("No space left")) {
                throw e;
            }
        }
    }

    /** Gives the room back that {@link #fill} took. */
    void empty() throws IOException {
        Files.deleteIfExists(filler());
    }

    private Path filler() {
        return mount.resolve("filler");
    }

    void makeReadOnly() {
        assumeTrue(run("mount", "-o", "remount,ro", mount.toString()), "no remount here");
    }

    private static boolean run(String... words) {
        try (ChildProcess process = ChildProcess.start(List.of(words), "", Map.of())) {
            return process.awaitExit(COMMAND) == 0;
        } catch (UncheckedIOException e) {
            return false; // the program is missing
        }
    }

    @Override
    public void close() {
        // Lazily: whoever looks at the mount in this moment, as an indexer may, would keep it busy.
        run("umount", "-l", mount.toString());
    }
}
