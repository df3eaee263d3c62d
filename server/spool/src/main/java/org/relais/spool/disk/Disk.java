package org.relais.spool.disk;

import java.io.IOException;
import java.nio.file.Path;

/**
 * The file system, as far as the spool writes to it: so that tests can fill it, break it and count what it does. Safe
 * for use by many threads.
 */
public interface Disk {

    /** A new, empty file. */
    AppendFile create(Path file) throws IOException;

    /** Makes durable what an earlier process wrote to that file and may not have synced. */
    void sync(Path file) throws IOException;

    /** Makes creations, renames and deletions in {@code directory} durable. */
    void syncDirectory(Path directory) throws IOException;

    /** Replaces {@code target}, if it is there, atomically. */
    void rename(Path source, Path target) throws IOException;

    void deleteIfExists(Path file) throws IOException;

    /** Bytes that can still be written there. */
    long usableSpace(Path directory) throws IOException;

    /** A file that grows at its end. For one thread at a time; an interrupt neither ends nor closes it. */
    interface AppendFile extends AutoCloseable {

        /** @throws DiskFullException if the disk or a quota is full; then a part may have been written */
        void append(byte[] bytes, int offset, int length) throws IOException;

        /** Returns when everything that was appended is on disk. To be called once more after a failure: never. */
        void sync() throws IOException;

        long length();

        void truncate(long length) throws IOException;

        @Override
        void close() throws IOException;
    }
}
