package org.relais.spool.log;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.relais.spool.disk.Disk;
import org.relais.spool.disk.DiskFullException;
import org.relais.spool.disk.LocalDisk;

/** The real disk with a size of its own, which can fail on demand and counts what is done to it. */
public final class FaultyDisk implements Disk {
    private final Disk disk = new LocalDisk();
    private final AtomicLong room = new AtomicLong(Long.MAX_VALUE / 2);
    private volatile boolean failsSyncs;
    private volatile boolean failsWrites;
    final AtomicLong syncs = new AtomicLong();
    final AtomicLong written = new AtomicLong();

    /** From now on only so many bytes fit. */
    void leave(long bytes) {
        room.set(bytes);
    }

    void failSyncs() {
        failsSyncs = true;
    }

    void healSyncs() {
        failsSyncs = false;
    }

    void failWrites() {
        failsWrites = true;
    }

    public long syncs() {
        return syncs.get();
    }

    public long written() {
        return written.get();
    }

    @Override
    public AppendFile create(Path file) throws IOException {
        AppendFile real = disk.create(file);
        return new AppendFile() {
            @Override
            public void append(byte[] bytes, int offset, int length) throws IOException {
                if (failsWrites) {
                    throw new IOException("Input/output error");
                }
                if (room.addAndGet(-length) < 0) {
                    long fitted = Math.max(0, room.getAndAdd(length) + length);
                    real.append(bytes, offset, (int) Math.min(fitted, length));
                    throw new DiskFullException("disk full: " + file, new IOException("as wanted"));
                }
                real.append(bytes, offset, length);
                written.addAndGet(length);
            }

            @Override
            public void sync() throws IOException {
                syncs.incrementAndGet();
                if (failsSyncs) {
                    throw new IOException("Input/output error");
                }
                real.sync();
            }

            @Override
            public long length() {
                return real.length();
            }

            @Override
            public void truncate(long length) throws IOException {
                real.truncate(length);
            }

            @Override
            public void close() throws IOException {
                real.close();
            }
        };
    }

    @Override
    public void sync(Path file) throws IOException {
        if (failsSyncs) {
            throw new IOException("Input/output error");
        }
        disk.sync(file);
    }

    @Override
    public void syncDirectory(Path directory) throws IOException {
        disk.syncDirectory(directory);
    }

    @Override
    public void rename(Path source, Path target) throws IOException {
        disk.rename(source, target);
    }

    @Override
    public void deleteIfExists(Path file) throws IOException {
        disk.deleteIfExists(file);
    }

    @Override
    public long usableSpace(Path directory) {
        return room.get();
    }
}
