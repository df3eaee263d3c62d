package org.relais.spool.log;

import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;
import org.relais.spool.CommitMode;
import org.relais.spool.Spool;
import org.relais.spool.SpoolContract;
import org.relais.spool.disk.LocalDisk;
import org.relais.spool.engine.SpoolSettings;

final class LogSpoolContractTest {

    abstract static class OnLog extends SpoolContract {
        @TempDir
        Path directory;

        private final ExecutorService io = Executors.newFixedThreadPool(2);

        abstract SpoolSettings settings(SpoolSettings usual);

        @Override
        protected Spool create() throws Exception {
            SpoolSettings usual =
                    SpoolSettings.in(directory).withQuota(CAPACITY).withRetention(RETENTION);
            return LogSpool.open(settings(usual), clock, clock, io, new LocalDisk());
        }

        @AfterEach
        void stop() {
            io.shutdown();
        }
    }

    @Nested
    final class WithACommitter extends OnLog {
        @Override
        SpoolSettings settings(SpoolSettings usual) {
            return usual;
        }
    }

    @Nested
    final class OnTheCallersThread extends OnLog {
        @Override
        SpoolSettings settings(SpoolSettings usual) {
            return usual.withMode(CommitMode.CALLER);
        }
    }

    @Nested
    final class WithSmallSegmentsAndNoCache extends OnLog {
        @Override
        SpoolSettings settings(SpoolSettings usual) {
            return usual.withSegmentBytes(64 * 1024).withCacheBytes(0).withInlineLimit(100_000);
        }
    }
}
