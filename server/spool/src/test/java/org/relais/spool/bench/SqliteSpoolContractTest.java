package org.relais.spool.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.relais.spool.Spool;
import org.relais.spool.SpoolContract;
import org.relais.spool.disk.LocalDisk;
import org.relais.spool.engine.DurableSpool;
import org.relais.spool.engine.LargeMessages;
import org.relais.spool.engine.SpoolSettings;

/** The rival passes the same contract, so that the comparison is fair. */
final class SqliteSpoolContractTest extends SpoolContract {
    @TempDir
    Path directory;

    private final ExecutorService io = Executors.newFixedThreadPool(2);

    @Override
    protected Spool create() throws Exception {
        Path large = Files.createDirectories(directory.resolve("large"));
        return DurableSpool.open(new DurableSpool.Parts(
                SpoolSettings.in(directory).withQuota(CAPACITY).withRetention(RETENTION),
                new SqliteStore(directory),
                new LargeMessages(new LocalDisk(), large),
                new LocalDisk(),
                clock,
                clock,
                io));
    }

    @AfterEach
    void stop() {
        io.shutdown();
    }
}
