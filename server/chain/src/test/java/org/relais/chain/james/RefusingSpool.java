package org.relais.chain.james;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.relais.spool.Changes;
import org.relais.spool.Claim;
import org.relais.spool.ForwardingSpool;
import org.relais.spool.Receipt;
import org.relais.spool.Spool;
import org.relais.spool.SpoolException;

/** A spool that refuses steps when the test says so: its disk is full. */
public final class RefusingSpool extends ForwardingSpool {
    private final AtomicInteger renewals = new AtomicInteger();
    private final AtomicInteger refusals = new AtomicInteger();
    private volatile boolean refuses;

    public RefusingSpool(Spool spool) {
        super(spool);
    }

    public void refuse(boolean steps) {
        refuses = steps;
    }

    /** How often a claim was renewed. */
    public int renewals() {
        return renewals.get();
    }

    /** How often a step was refused. */
    public int refusals() {
        return refusals.get();
    }

    @Override
    public CompletionStage<Receipt> commit(Changes changes) {
        if (refuses) {
            refusals.incrementAndGet();
            return CompletableFuture.failedStage(new SpoolException.Full("no space left on device"));
        }
        return super.commit(changes);
    }

    @Override
    public Optional<Claim> renew(Claim claim, Duration lease) {
        renewals.incrementAndGet();
        return super.renew(claim, lease);
    }
}
