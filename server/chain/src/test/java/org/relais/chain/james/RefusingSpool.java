package org.relais.chain.james;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.relais.spool.Changes;
import org.relais.spool.ForwardingSpool;
import org.relais.spool.Receipt;
import org.relais.spool.Spool;
import org.relais.spool.SpoolException;

/** A spool that refuses steps when the test says so: its disk is full. */
final class RefusingSpool extends ForwardingSpool {
    private volatile boolean refuses;

    RefusingSpool(Spool spool) {
        super(spool);
    }

    void refuse(boolean steps) {
        refuses = steps;
    }

    @Override
    public CompletionStage<Receipt> commit(Changes changes) {
        return refuses
                ? CompletableFuture.failedStage(new SpoolException.Full("no space left on device"))
                : super.commit(changes);
    }
}
