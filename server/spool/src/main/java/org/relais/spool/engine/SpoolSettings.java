package org.relais.spool.engine;

import java.nio.file.Path;
import java.time.Duration;
import org.relais.spool.CommitMode;
import org.relais.spool.PendingMessage;

/**
 * How a durable spool works. {@link #in} gives the defaults.
 *
 * @param inlineLimit messages up to this many bytes lie among the records and pass through memory; larger ones get a
 *     file of their own
 * @param segmentBytes about how large a segment of the log becomes
 * @param quota bytes of messages and envelopes that are taken
 * @param minimumFree bytes that must stay free on the disk when a mail is taken, so that removals and maintenance can
 *     still be written
 * @param retention how long removed entries can be restored
 * @param cacheBytes of recent messages that are kept in memory
 * @param writerMemory bytes that messages in arrival may take together; beyond, they go to disk earlier
 * @param pendingBytes bytes that may wait for the disk; beyond, commits are refused as busy
 * @param commitDeadline how long a commit may wait for its turn
 * @param compactionRate bytes a second that maintenance may copy
 */
public record SpoolSettings(
        Path directory,
        CommitMode mode,
        int inlineLimit,
        int segmentBytes,
        long quota,
        long minimumFree,
        Duration retention,
        long cacheBytes,
        long writerMemory,
        long pendingBytes,
        Duration commitDeadline,
        long compactionRate) {
    public static final int MAX_INLINE = PendingMessage.MOST_IN_MEMORY;

    public SpoolSettings {
        check(inlineLimit >= 0 && inlineLimit <= MAX_INLINE, "inlineLimit must be 0 to 1 MiB");
        check(segmentBytes >= 64 * 1024 && segmentBytes <= 1 << 30, "segmentBytes must be 64 KiB to 1 GiB");
        check(pendingBytes >= MAX_INLINE && pendingBytes <= 512 << 20, "pendingBytes must be 1 MiB to 512 MiB");
        check(compactionRate > 0, "compactionRate must be positive");
        check(retention.compareTo(Duration.ZERO) >= 0, "retention must not be negative");
        check(commitDeadline.compareTo(Duration.ZERO) > 0, "commitDeadline must be positive");
    }

    public static SpoolSettings in(Path directory) {
        return new SpoolSettings(
                directory,
                CommitMode.COMMITTER,
                256 << 10,
                64 << 20,
                Long.MAX_VALUE,
                64L << 20,
                Duration.ofDays(7),
                32L << 20,
                64L << 20,
                64L << 20,
                Duration.ofSeconds(30),
                32L << 20);
    }

    public SpoolSettings withMode(CommitMode changed) {
        return new SpoolSettings(
                directory,
                changed,
                inlineLimit,
                segmentBytes,
                quota,
                minimumFree,
                retention,
                cacheBytes,
                writerMemory,
                pendingBytes,
                commitDeadline,
                compactionRate);
    }

    public SpoolSettings withInlineLimit(int changed) {
        return new SpoolSettings(
                directory,
                mode,
                changed,
                segmentBytes,
                quota,
                minimumFree,
                retention,
                cacheBytes,
                writerMemory,
                pendingBytes,
                commitDeadline,
                compactionRate);
    }

    public SpoolSettings withSegmentBytes(int changed) {
        return new SpoolSettings(
                directory,
                mode,
                inlineLimit,
                changed,
                quota,
                minimumFree,
                retention,
                cacheBytes,
                writerMemory,
                pendingBytes,
                commitDeadline,
                compactionRate);
    }

    public SpoolSettings withQuota(long changed) {
        return new SpoolSettings(
                directory,
                mode,
                inlineLimit,
                segmentBytes,
                changed,
                minimumFree,
                retention,
                cacheBytes,
                writerMemory,
                pendingBytes,
                commitDeadline,
                compactionRate);
    }

    public SpoolSettings withMinimumFree(long changed) {
        return new SpoolSettings(
                directory,
                mode,
                inlineLimit,
                segmentBytes,
                quota,
                changed,
                retention,
                cacheBytes,
                writerMemory,
                pendingBytes,
                commitDeadline,
                compactionRate);
    }

    public SpoolSettings withRetention(Duration changed) {
        return new SpoolSettings(
                directory,
                mode,
                inlineLimit,
                segmentBytes,
                quota,
                minimumFree,
                changed,
                cacheBytes,
                writerMemory,
                pendingBytes,
                commitDeadline,
                compactionRate);
    }

    public SpoolSettings withCacheBytes(long changed) {
        return new SpoolSettings(
                directory,
                mode,
                inlineLimit,
                segmentBytes,
                quota,
                minimumFree,
                retention,
                changed,
                writerMemory,
                pendingBytes,
                commitDeadline,
                compactionRate);
    }

    private static void check(boolean isRight, String message) {
        if (!isRight) {
            throw new IllegalArgumentException(message);
        }
    }
}
