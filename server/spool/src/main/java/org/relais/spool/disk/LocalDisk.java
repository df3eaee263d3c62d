package org.relais.spool.disk;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Locale;

/**
 * The real file system.
 *
 * <p>Files are {@link RandomAccessFile}s: a {@link FileChannel} is closed under the hands of all its users when one of
 * them is interrupted, and here one interrupted session would break the spool. Measured with growing files on ext4 in
 * records of 8 KiB: no difference (docs/adr/0010).
 */
public final class LocalDisk implements Disk {
    /** Below this an error of unknown wording counts as "disk full". */
    private static final long NEXT_TO_NOTHING = 64 * 1024;

    @Override
    public AppendFile create(Path file) throws IOException {
        if (Files.exists(file)) {
            throw new FileAlreadyExistsException(file.toString());
        }
        try {
            return new LocalFile(file);
        } catch (IOException e) {
            throw named(e, file);
        }
    }

    @Override
    public void sync(Path file) throws IOException {
        try (RandomAccessFile written = new RandomAccessFile(file.toFile(), "rw")) {
            written.getFD().sync();
        }
    }

    @Override
    public void syncDirectory(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Override
    public void rename(Path source, Path target) throws IOException {
        Files.move(source, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public void deleteIfExists(Path file) throws IOException {
        Files.deleteIfExists(file);
    }

    @Override
    public long usableSpace(Path directory) throws IOException {
        return Files.getFileStore(directory).getUsableSpace();
    }

    /** The JDK tells a full disk only by the system's words, which depend on the locale: so the disk is asked too. */
    private IOException named(IOException failure, Path file) {
        String words = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
        boolean isFull = words.contains("no space left") || words.contains("quota exceeded");
        try {
            Path directory = file.toAbsolutePath().getParent();
            isFull |= directory != null && usableSpace(directory) < NEXT_TO_NOTHING;
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
        return isFull ? new DiskFullException("disk full: " + file, failure) : failure;
    }

    private final class LocalFile implements AppendFile {
        private final Path path;
        private final RandomAccessFile file;
        private long length;

        LocalFile(Path path) throws IOException {
            this.path = path;
            this.file = new RandomAccessFile(path.toFile(), "rw");
        }

        @Override
        public void append(byte[] bytes, int offset, int count) throws IOException {
            try {
                file.write(bytes, offset, count);
            } catch (IOException e) {
                throw named(e, path);
            }
            length += count;
        }

        @Override
        public void sync() throws IOException {
            file.getFD().sync();
        }

        @Override
        public long length() {
            return length;
        }

        @Override
        public void truncate(long newLength) throws IOException {
            file.setLength(newLength);
            file.seek(newLength);
            length = newLength;
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
