package org.relais.configuration.home;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Held by the one relay that runs on a home. The system lets go of it when the process ends, however it ends; the file
 * {@code data/lock} stays and holds the process id for messages. Safe for use by many threads.
 */
public final class HomeLock implements AutoCloseable {
    /**
     * The homes this process holds. Static because POSIX locks belong to the process: to open the file a second time
     * and close it would let go of the first lock.
     */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private static final int ATTEMPTS = 10;
    private static final Duration BETWEEN_ATTEMPTS = Duration.ofMillis(50);

    private final Path file;
    private final FileChannel channel;

    private HomeLock(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /** @throws HomeException if another relay runs on {@code home}; says which process */
    public static HomeLock take(Home home) throws HomeException {
        Path file = home.lockFile();
        if (!HELD.add(file)) {
            throw running(home, Long.toString(ProcessHandle.current().pid()));
        }
        HomeLock taken = null;
        try {
            taken = new HomeLock(file, locked(home, file));
            return taken;
        } finally {
            if (taken == null) {
                HELD.remove(file);
            }
        }
    }

    /**
     * Whether a relay runs on {@code home}. The lock is tried shared for an instant; a relay that starts in the same
     * instant may be refused and has to be started again.
     */
    public static boolean isHeld(Home home) throws HomeException {
        Path file = home.lockFile();
        if (HELD.contains(file)) {
            return true;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
                FileLock lock = channel.tryLock(0, Long.MAX_VALUE, true)) {
            return lock == null;
        } catch (NoSuchFileException e) {
            return false;
        } catch (IOException e) {
            throw new HomeException(
                    file + " cannot be read (" + e.getClass().getSimpleName() + ")",
                    "run this as the user who owns the home",
                    e);
        }
    }

    private static FileChannel locked(Home home, Path file) throws HomeException {
        FileChannel channel = null;
        boolean isLocked = false;
        try {
            channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = tryLock(channel);
            if (lock == null) {
                throw running(home, holder(file));
            }
            channel.truncate(0);
            channel.write(ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII)));
            isLocked = true;
            return channel;
        } catch (IOException e) {
            throw new HomeException(
                    file + " cannot be locked (" + e.getClass().getSimpleName() + ")",
                    "make it writable for the user who runs relais, on a file system that knows locks",
                    e);
        } finally {
            if (!isLocked) {
                close(channel);
            }
        }
    }

    /** Somebody who only looks whether the lock is held has it for an instant: that is no relay. */
    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        FileLock lock = channel.tryLock();
        for (int attempt = 1; lock == null && attempt < ATTEMPTS; attempt++) {
            LockSupport.parkNanos(BETWEEN_ATTEMPTS.toNanos());
            lock = channel.tryLock();
        }
        return lock;
    }

    private static void close(@Nullable FileChannel channel) throws HomeException {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            throw new HomeException("the home's lock file cannot be closed", "check the disk", e);
        }
    }

    private static String holder(Path file) throws IOException {
        String pid = Files.readString(file, StandardCharsets.US_ASCII).strip();
        return pid.isEmpty() ? "unknown" : pid;
    }

    private static HomeException running(Home home, String pid) {
        String problem = "a relay runs on " + home + " already (process " + pid + ")";
        String remedy = "stop it first: relais stop --home " + home + "; or name another home";
        return new HomeException(problem, remedy);
    }

    /** Lets go of the home. */
    @Override
    public void close() throws HomeException {
        close(channel);
        HELD.remove(file);
    }
}
