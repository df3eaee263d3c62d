package org.relais.spool.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.relais.spool.disk.Disk;
import org.relais.spool.disk.DiskFullException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Room that is set aside for the day on which the disk is full to its last byte, by whomever: a file of zeros that is
 * deleted, so that ends of envelopes, which are what gives space back, can still be written. Safe for use by many
 * threads.
 */
final class Reserve {
    private static final Logger LOGGER = LoggerFactory.getLogger(Reserve.class);
    private static final int PIECE = 64 * 1024;
    /** It is made only where so many times its size is free. */
    private static final int PLENTY = 8;

    private final Disk disk;
    private final Path file;
    private final long size;

    Reserve(Disk disk, Path root, long size) {
        this.disk = disk;
        this.file = root.resolve("reserve");
        this.size = size;
    }

    /** Makes it, if it is not there and there is plenty of room. */
    synchronized void make() throws IOException {
        if (!Files.exists(file) && isFree(PLENTY * size)) {
            write();
        }
    }

    /**
     * Whether it is there, or would have its place and as much again would stay. Written to be known: a quota does not
     * show in the free space.
     */
    synchronized boolean fits() throws IOException {
        if (Files.exists(file)) {
            return true;
        }
        boolean fits = isFree(2 * size) && write();
        disk.deleteIfExists(file);
        return fits;
    }

    private boolean isFree(long bytes) throws IOException {
        Path root = file.toAbsolutePath().getParent();
        return root != null && disk.usableSpace(root) >= bytes;
    }

    private boolean write() throws IOException {
        try (Disk.AppendFile zeros = disk.create(file)) {
            byte[] piece = new byte[PIECE];
            while (zeros.length() < size) {
                zeros.append(piece, 0, (int) Math.min(PIECE, size - zeros.length()));
            }
            return true;
        } catch (DiskFullException e) {
            LOGGER.debug("no room for the reserve", e);
            disk.deleteIfExists(file);
            return false;
        }
    }

    /** Gives it to the disk. False if it was given before. */
    synchronized boolean release() throws IOException {
        if (!Files.exists(file)) {
            return false;
        }
        disk.deleteIfExists(file);
        LOGGER.warn("the disk is full: the spool lives on its reserve of {} bytes and accepts no mail", size);
        return true;
    }
}
