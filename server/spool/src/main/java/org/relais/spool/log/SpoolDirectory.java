package org.relais.spool.log;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.relais.spool.SpoolException;

/**
 * The folder of a spool, held by one process at a time.
 *
 * <pre>
 * format      "relais-spool 1": which format everything here is in
 * lock        held while a process has the spool open
 * checkpoint  the index as of some moment
 * log/        the segments
 * large/      large messages
 * reserve     room set aside
 * </pre>
 */
final class SpoolDirectory implements AutoCloseable {
    private static final String FORMAT = "relais-spool 1\n";

    private final Path root;
    private final FileChannel lockFile;

    private SpoolDirectory(Path root, FileChannel lockFile) {
        this.root = root;
        this.lockFile = lockFile;
    }

    /** Makes the folder if it is not there. */
    static SpoolDirectory open(Path root) throws SpoolException {
        try {
            Files.createDirectories(root);
            FileChannel channel =
                    FileChannel.open(root.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            try {
                lock(root, channel);
                prepare(root);
                return new SpoolDirectory(root, channel);
            } catch (SpoolException | IOException | RuntimeException e) {
                channel.close();
                throw e;
            }
        } catch (IOException e) {
            throw new SpoolException.Unusable("cannot use the spool " + root + ": " + e, e);
        }
    }

    private static void lock(Path root, FileChannel channel) throws IOException, SpoolException {
        @Nullable FileLock lock = null;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            throw inUse(root);
        }
        if (lock == null) {
            throw inUse(root);
        }
    }

    private static SpoolException.InUse inUse(Path root) {
        return new SpoolException.InUse("the spool " + root + " is open in another process: stop that first");
    }

    private static void prepare(Path root) throws IOException, SpoolException {
        Path format = root.resolve("format");
        Files.createDirectories(log(root));
        Files.createDirectories(large(root));
        if (!Files.exists(format)) {
            try (DirectoryStream<Path> segments = Files.newDirectoryStream(log(root))) {
                if (segments.iterator().hasNext()) {
                    throw new SpoolException.Unusable(root + " holds segments, but no file named format", null);
                }
            }
            Path draft = root.resolve("format.new");
            Files.writeString(draft, FORMAT, US_ASCII);
            try (FileChannel channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
            Files.move(draft, format);
            try (FileChannel channel = FileChannel.open(root, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
        check(root);
    }

    /** Throws if the folder is none of a spool, or of another format version. */
    static void check(Path root) throws SpoolException {
        try {
            String format = Files.readString(root.resolve("format"), US_ASCII);
            if (!format.equals(FORMAT)) {
                throw new SpoolException.Unusable(
                        root + " is of the format \"" + format.strip() + "\", known is \"" + FORMAT.strip() + '"',
                        null);
            }
        } catch (IOException e) {
            throw new SpoolException.Unusable(root + " is no spool: " + e, e);
        }
    }

    static Path log(Path root) {
        return root.resolve("log");
    }

    static Path large(Path root) {
        return root.resolve("large");
    }

    Path root() {
        return root;
    }

    /** The segments' files, oldest first. */
    static List<Path> segments(Path root) throws IOException {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(log(root), "*" + Segment.SUFFIX)) {
            stream.forEach(files::add);
        }
        files.sort(null);
        return files;
    }

    @Override
    public void close() throws IOException {
        lockFile.close();
    }
}
