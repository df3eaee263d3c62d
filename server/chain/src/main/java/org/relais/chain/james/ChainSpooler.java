package org.relais.chain.james;

import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;
import org.relais.chain.claim.StageWorkers;
import org.relais.chain.claim.WorkerSettings;
import org.relais.spool.Spool;
import org.relais.spool.Stage;

/**
 * Takes what is due in the stage {@code CHAIN} through the chain, in the place of James's spooler.
 *
 * <p>{@link #stop} begins nothing new and lets what runs come to its end; what does not within the drain bound is
 * interrupted, and goes on after the next start from where it was last committed.
 */
public final class ChainSpooler {
    private final Spool spool;
    private final ChainMailProcessor chain;
    private final ThreadFactory threads;
    private final SpoolerSettings settings;
    private @Nullable StageWorkers workers;

    public ChainSpooler(Spool spool, ChainMailProcessor chain, ThreadFactory threads, SpoolerSettings settings) {
        this.spool = spool;
        this.chain = chain;
        this.threads = threads;
        this.settings = settings;
    }

    /** To be called once, when the chain is ready. */
    public synchronized void start() {
        workers = StageWorkers.start(
                spool, Stage.CHAIN, WorkerSettings.of(settings.workers()), threads, chain::mails, chain::process);
    }

    /** How many mails are in the chain now. */
    public synchronized int running() {
        return workers == null ? 0 : workers.running();
    }

    /** To be called before the chain is stopped; returns within the drain bound and two seconds. */
    public synchronized void stop() {
        if (workers != null) {
            workers.stop(settings.drain());
            workers = null;
        }
    }
}
