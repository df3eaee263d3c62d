package org.relais.spool.log;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.relais.spool.disk.Disk;
import org.relais.spool.disk.LocalDisk;

/**
 * The real disk until the process dies, as it were, at one of its operations: that one is done in part, no later one at
 * all. {@link #crash} can then take the power as well: bytes that were not synced and names whose directory was not are
 * gone or not, as chance has it. Safe for use by many threads.
 */
final class CrashingDisk implements Disk {
    private final Disk disk = new LocalDisk();
    private final Random random;
    private final Path attic;
    private final Map<Path, Long> synced;
    private final List<Name> unsyncedNames;
    private long operationsLeft = Long.MAX_VALUE;
    private boolean isDead;
    private int kept;

    /** A change of a directory that may not outlive a power cut: how to take it back. */
    private record Name(Path directory, Undo undo) {}

    private interface Undo {
        void run() throws IOException;
    }

    /** @param attic an empty folder for what may have to come back */
    CrashingDisk(Random random, Path attic) {
        this(random, attic, new HashMap<>(), new ArrayList<>());
    }

    private CrashingDisk(Random random, Path attic, Map<Path, Long> synced, List<Name> unsyncedNames) {
        this.random = random;
        this.attic = attic;
        this.synced = synced;
        this.unsyncedNames = unsyncedNames;
    }

    /** The same disk for the next process: what the last one did not sync is still not durable. */
    CrashingDisk reborn(Path emptyAttic) {
        return new CrashingDisk(new Random(random.nextLong()), emptyAttic, synced, unsyncedNames);
    }

    /** Dies within so many operations. */
    synchronized void dieWithin(long operations) {
        operationsLeft = operations;
    }

    synchronized boolean isDead() {
        return isDead;
    }

    /** Nothing is done any more. With {@code powerCut} what was not durable may be lost. */
    synchronized void crash(boolean powerCut) throws IOException {
        isDead = true;
        if (!powerCut) {
            return;
        }
        List<Name> names = List.copyOf(unsyncedNames);
        unsyncedNames.clear();
        for (int i = names.size() - 1; i >= 0; i--) {
            if (random.nextBoolean()) {
                names.get(i).undo().run();
            }
        }
        for (Map.Entry<Path, Long> file : synced.entrySet()) {
            if (Files.exists(file.getKey())) {
                long size = Files.size(file.getKey());
                long durable = Math.min(size, file.getValue());
                try (RandomAccessFile shortened =
                        new RandomAccessFile(file.getKey().toFile(), "rw")) {
                    shortened.setLength(durable + random.nextLong(size - durable + 1));
                }
            }
        }
        synced.clear();
    }

    /** Throws when the process is dead; says whether it dies now, in the middle of what is asked. */
    private boolean isLast() throws IOException {
        if (isDead) {
            throw dead();
        }
        isDead = --operationsLeft <= 0;
        return isDead;
    }

    private static IOException dead() {
        return new IOException("the process is dead");
    }

    private void end(boolean isLast) throws IOException {
        if (isLast) {
            throw dead();
        }
    }

    @Override
    public synchronized AppendFile create(Path file) throws IOException {
        boolean isLast = isLast();
        AppendFile real = disk.create(file);
        synced.put(file, 0L);
        unsyncedNames.add(new Name(parent(file), () -> Files.deleteIfExists(file)));
        if (isLast) {
            real.close();
            throw dead();
        }
        return new CrashingFile(file, real);
    }

    @Override
    public synchronized void sync(Path file) throws IOException {
        boolean isLast = isLast();
        if (!isLast || random.nextBoolean()) {
            synced.put(file, Files.size(file));
        }
        end(isLast);
    }

    @Override
    public synchronized void syncDirectory(Path directory) throws IOException {
        boolean isLast = isLast();
        if (!isLast || random.nextBoolean()) {
            unsyncedNames.removeIf(name -> name.directory().equals(directory));
        }
        end(isLast);
    }

    @Override
    public synchronized void rename(Path source, Path target) throws IOException {
        boolean isLast = isLast();
        if (!isLast || random.nextBoolean()) {
            Path old = keep(target);
            disk.rename(source, target);
            Long durable = synced.remove(source);
            synced.put(target, durable == null ? Files.size(target) : durable);
            unsyncedNames.add(new Name(parent(target), () -> {
                Files.deleteIfExists(target);
                synced.remove(target); // what it was before was durable
                bringBack(old, target);
            }));
        }
        end(isLast);
    }

    @Override
    public synchronized void deleteIfExists(Path file) throws IOException {
        boolean isLast = isLast();
        if (!isLast || random.nextBoolean()) {
            Path old = keep(file);
            disk.deleteIfExists(file);
            unsyncedNames.add(new Name(parent(file), () -> {
                if (!Files.exists(file)) {
                    bringBack(old, file);
                }
            }));
        }
        end(isLast);
    }

    private Path keep(Path file) throws IOException {
        Path old = attic.resolve("kept" + kept++);
        if (Files.exists(file)) {
            Files.copy(file, old);
        }
        return old;
    }

    private static void bringBack(Path old, Path file) throws IOException {
        if (Files.exists(old)) {
            Files.copy(old, file, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static Path parent(Path file) {
        return file.toAbsolutePath().getParent();
    }

    @Override
    public long usableSpace(Path directory) throws IOException {
        return 1L << 40;
    }

    private final class CrashingFile implements AppendFile {
        private final Path path;
        private final AppendFile real;

        CrashingFile(Path path, AppendFile real) {
            this.path = path;
            this.real = real;
        }

        @Override
        public void append(byte[] bytes, int offset, int length) throws IOException {
            synchronized (CrashingDisk.this) {
                boolean isLast = isLast();
                real.append(bytes, offset, isLast ? random.nextInt(length + 1) : length);
                end(isLast);
            }
        }

        @Override
        public void sync() throws IOException {
            synchronized (CrashingDisk.this) {
                boolean isLast = isLast();
                if (!isLast || random.nextBoolean()) {
                    synced.put(path, real.length());
                }
                end(isLast);
            }
        }

        @Override
        public long length() {
            return real.length();
        }

        @Override
        public void truncate(long length) throws IOException {
            synchronized (CrashingDisk.this) {
                boolean isLast = isLast();
                if (!isLast) {
                    real.truncate(length);
                    synced.merge(path, length, Math::min);
                }
                end(isLast);
            }
        }

        @Override
        public void close() throws IOException {
            real.close();
        }
    }
}
