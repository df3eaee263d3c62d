package org.relais.spool.log;

import java.time.InstantSource;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.relais.spool.SpoolException;
import org.relais.spool.disk.Disk;
import org.relais.spool.disk.LocalDisk;
import org.relais.spool.engine.DurableSpool;
import org.relais.spool.engine.LargeMessages;
import org.relais.spool.engine.SpoolSettings;

/** Opens a spool on the segment log. */
public final class LogSpool {
    private LogSpool() {}

    /**
     * Opens the spool in the settings' folder, which is made if it is missing.
     *
     * @param io writes large messages; blocks on the disk
     * @throws SpoolException.InUse if another process has it open
     * @throws SpoolException.Unusable if the folder cannot be used
     */
    public static DurableSpool open(SpoolSettings settings, InstantSource clock, Executor io) throws SpoolException {
        return open(settings, clock, System::nanoTime, io, new LocalDisk());
    }

    /** As {@link #open(SpoolSettings, InstantSource, Executor)}, with a source of real time and a disk of one's own. */
    public static DurableSpool open(
            SpoolSettings settings, InstantSource clock, LongSupplier nanos, Executor io, Disk disk)
            throws SpoolException {
        SpoolDirectory directory = SpoolDirectory.open(settings.directory());
        return DurableSpool.open(new DurableSpool.Parts(
                settings,
                new SegmentLog(settings, directory, disk),
                new LargeMessages(disk, SpoolDirectory.large(directory.root())),
                disk,
                clock,
                nanos,
                io));
    }
}
