package org.relais.access.smtp.spool;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.relais.spool.Changes;
import org.relais.spool.ForwardingSpool;
import org.relais.spool.Receipt;
import org.relais.spool.Spool;
import org.relais.spool.SpoolException;

/** A spool whose commits wait until the test lets them go, and that fails where the test says so. */
public final class GatedSpool extends ForwardingSpool {
    public final AtomicInteger flushes = new AtomicInteger();

    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private boolean holds;
    private @Nullable SpoolException failure;
    private @Nullable SpoolException refusal;

    public GatedSpool(Spool spool) {
        super(spool);
    }

    /** From now on commits wait for {@link #letOneGo}. */
    public synchronized GatedSpool hold() {
        holds = true;
        return this;
    }

    /** From now on commits fail. */
    public synchronized void failWith(SpoolException with) {
        failure = with;
    }

    /** From now on there is no room; null: there is again. */
    public synchronized void refuseWith(@Nullable SpoolException with) {
        refusal = with;
    }

    public synchronized int waiting() {
        return waiting.size();
    }

    /** Does the oldest commit that waits, on the caller's thread. */
    public void letOneGo() {
        Runnable oldest;
        synchronized (this) {
            oldest = waiting.remove();
        }
        oldest.run();
    }

    @Override
    public CompletionStage<Receipt> commit(Changes changes) {
        CompletableFuture<Receipt> done = new CompletableFuture<>();
        boolean isHeld;
        synchronized (this) {
            isHeld = holds;
            if (isHeld) {
                waiting.add(() -> doIt(changes, done));
            }
        }
        if (!isHeld) {
            doIt(changes, done);
        }
        return done;
    }

    private void doIt(Changes changes, CompletableFuture<Receipt> done) {
        SpoolException failing;
        synchronized (this) {
            failing = failure;
        }
        if (failing != null) {
            done.completeExceptionally(failing);
        } else {
            super.commit(changes).whenComplete((receipt, thrown) -> {
                if (thrown == null) {
                    done.complete(receipt);
                } else {
                    done.completeExceptionally(thrown);
                }
            });
        }
    }

    @Override
    public void checkRoom(long size) throws SpoolException {
        SpoolException refusing;
        synchronized (this) {
            refusing = refusal;
        }
        if (refusing != null) {
            throw refusing;
        }
        super.checkRoom(size);
    }

    @Override
    public void flush() {
        flushes.incrementAndGet();
        super.flush();
    }
}
