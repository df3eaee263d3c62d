package org.relais.store.directory;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * The directory on disk: one JSON file, small enough to be rewritten whole at each change.
 *
 * <p>Every look-up is answered from memory, so no cache stands between a change and its effect. A change is on disk
 * (written beside, synced, renamed) before it is seen; one that cannot be written is not seen at all. Safe for use by
 * many threads, by one process: the home's lock keeps a second one out.
 */
public final class DirectoryFile {
    private static final int VERSION = 1;
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");
    private final Path file;
    private volatile DirectoryContent content;

    private DirectoryFile(Path file, DirectoryContent content) {
        this.file = file;
        this.content = content;
    }

    /**
     * Reads the directory, or begins an empty one where there is no file.
     *
     * @throws IOException if the file cannot be read, is damaged, or is of another version; the message says which
     */
    public static DirectoryFile open(Path file) throws IOException {
        if (!Files.exists(file)) {
            return new DirectoryFile(file, DirectoryContent.EMPTY);
        }
        return new DirectoryFile(file, read(file));
    }

    private static DirectoryContent read(Path file) throws IOException {
        try {
            return DirectoryJson.read(Files.readAllBytes(file), VERSION);
        } catch (JsonProcessingException e) {
            throw new IOException(
                    file + " is damaged at line " + e.getLocation().getLineNr() + ": " + e.getOriginalMessage()
                            + ": restore it from a backup, or remove it to begin with an empty directory",
                    e);
        } catch (DirectoryJson.OtherVersionException e) {
            throw new IOException(
                    file + " is of version " + e.version() + ", this Relais reads version " + VERSION
                            + ": start the Relais that wrote it",
                    e);
        }
    }

    public DirectoryContent content() {
        return content;
    }

    /**
     * Changes the directory; the change is durable when this returns.
     *
     * @throws IOException if it cannot be written: then nothing has changed
     */
    public synchronized void update(UnaryOperator<DirectoryContent> change) throws IOException {
        DirectoryContent changed = change.apply(content);
        if (changed.equals(content)) {
            return;
        }
        write(changed);
        content = changed;
    }

    private void write(DirectoryContent changed) throws IOException {
        byte[] bytes = DirectoryJson.write(changed, VERSION);
        Path directory = file.toAbsolutePath().getParent();
        Path beside = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(beside);
        Files.createFile(beside, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        try (FileChannel channel = FileChannel.open(beside, StandardOpenOption.WRITE)) {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        }
        Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
        if (directory != null) {
            try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }
}
