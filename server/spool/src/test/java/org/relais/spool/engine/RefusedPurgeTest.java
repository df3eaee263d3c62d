package org.relais.spool.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.relais.model.QueueId;
import org.relais.spool.Changes;
import org.relais.spool.CommitMode;
import org.relais.spool.EnvelopeDetails;
import org.relais.spool.EnvelopeId;
import org.relais.spool.ManualClock;
import org.relais.spool.NewEnvelope;
import org.relais.spool.PendingMessage;
import org.relais.spool.QueueActions;
import org.relais.spool.Receipt;
import org.relais.spool.SpoolException;
import org.relais.spool.Stage;
import org.relais.spool.disk.Disk;
import org.relais.spool.disk.LocalDisk;
import org.relais.spool.log.LogSpool;

/** Removed mail whose retention ends while the disk is behind. */
final class RefusedPurgeTest {
    private static final Duration RETENTION = Duration.ofDays(7);

    @TempDir
    Path directory;

    @Test
    void canStillBeRestoredOrPurgedLater() throws Exception {
        ManualClock clock = new ManualClock();
        GatedDisk disk = new GatedDisk();
        try (DurableSpool spool = LogSpool.open(settings(), clock, clock, Runnable::run, disk)) {
            EnvelopeId removed = await(spool.commit(mail(10))).created().get(0);
            await(new QueueActions(spool).remove(removed));
            disk.isShut = true;
            CompletionStage<Receipt> writing = spool.commit(mail(10));
            assertThat(disk.arrived.await(30, TimeUnit.SECONDS)).isTrue();
            CompletionStage<Receipt> waiting = spool.commit(mail(PendingMessage.MOST_IN_MEMORY));

            clock.advance(RETENTION.plusDays(1));
            assertThatThrownBy(spool::expire).isInstanceOf(SpoolException.Busy.class);
            disk.isShut = false;
            disk.opened.countDown();
            await(writing);
            await(waiting);
            spool.expire();

            await(spool.holdAll(false));
            assertThat(spool.find(removed)).isEmpty();
        }
    }

    private SpoolSettings settings() {
        SpoolSettings usual = SpoolSettings.in(directory);
        return new SpoolSettings(
                directory,
                CommitMode.COMMITTER,
                usual.inlineLimit(),
                usual.segmentBytes(),
                usual.quota(),
                0,
                RETENTION,
                usual.cacheBytes(),
                usual.writerMemory(),
                PendingMessage.MOST_IN_MEMORY,
                usual.commitDeadline(),
                usual.compactionRate());
    }

    private static Changes mail(int size) {
        EnvelopeDetails details =
                EnvelopeDetails.of(new QueueId("Q"), "sender@example.net", "rcpt@example.org", Stage.CHAIN);
        return Changes.append(PendingMessage.of(new byte[size]), List.of(NewEnvelope.accepted(details)));
    }

    private static <T> T await(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    /** The real disk, whose syncs wait while it is shut. */
    private static final class GatedDisk implements Disk {
        private final Disk disk = new LocalDisk();
        private final CountDownLatch arrived = new CountDownLatch(1);
        private final CountDownLatch opened = new CountDownLatch(1);
        private volatile boolean isShut;

        @Override
        public AppendFile create(Path file) throws IOException {
            AppendFile real = disk.create(file);
            return new AppendFile() {
                @Override
                public void append(byte[] bytes, int offset, int length) throws IOException {
                    real.append(bytes, offset, length);
                }

                @Override
                public void sync() throws IOException {
                    if (isShut) {
                        arrived.countDown();
                        try {
                            assertThat(opened.await(30, TimeUnit.SECONDS)).isTrue();
                        } catch (InterruptedException e) {
                            throw new IOException(e);
                        }
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
            disk.sync(file);
        }

        @Override
        public void syncDirectory(Path folder) throws IOException {
            disk.syncDirectory(folder);
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
        public long usableSpace(Path folder) throws IOException {
            return disk.usableSpace(folder);
        }
    }
}
