package org.relais.access.smtp.spool;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.relais.spool.Accounts;
import org.relais.spool.BrowseFilter;
import org.relais.spool.Changes;
import org.relais.spool.Claim;
import org.relais.spool.Envelope;
import org.relais.spool.EnvelopeId;
import org.relais.spool.MessageContent;
import org.relais.spool.MessageId;
import org.relais.spool.MessageWriter;
import org.relais.spool.Page;
import org.relais.spool.Receipt;
import org.relais.spool.Spool;
import org.relais.spool.SpoolException;
import org.relais.spool.SpoolStatus;
import org.relais.spool.Stage;

/** A spool whose commits wait until the test lets them go, and that fails where the test says so. */
public final class GatedSpool implements Spool {
    public final AtomicInteger flushes = new AtomicInteger();

    private final Spool spool;
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private boolean holds;
    private @Nullable SpoolException failure;
    private @Nullable SpoolException refusal;

    public GatedSpool(Spool spool) {
        this.spool = spool;
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
            spool.commit(changes).whenComplete((receipt, thrown) -> {
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
        spool.checkRoom(size);
    }

    @Override
    public void flush() {
        flushes.incrementAndGet();
        spool.flush();
    }

    @Override
    public MessageWriter newMessage() {
        return spool.newMessage();
    }

    @Override
    public List<Claim> claim(Stage stage, int atMost, Duration lease) {
        return spool.claim(stage, atMost, lease);
    }

    @Override
    public Optional<Claim> claim(EnvelopeId id, Duration lease) throws SpoolException {
        return spool.claim(id, lease);
    }

    @Override
    public Optional<Claim> renew(Claim claim, Duration lease) {
        return spool.renew(claim, lease);
    }

    @Override
    public void release(Claim claim) {
        spool.release(claim);
    }

    @Override
    public boolean awaitDue(Stage stage, Duration atMost) throws InterruptedException {
        return spool.awaitDue(stage, atMost);
    }

    @Override
    public Optional<Envelope> find(EnvelopeId id) throws SpoolException {
        return spool.find(id);
    }

    @Override
    public MessageContent content(MessageId id) throws SpoolException {
        return spool.content(id);
    }

    @Override
    public Page browse(BrowseFilter filter, Optional<EnvelopeId> after, int limit) throws SpoolException {
        return spool.browse(filter, after, limit);
    }

    @Override
    public CompletionStage<Void> holdAll(boolean hold) {
        return spool.holdAll(hold);
    }

    @Override
    public Accounts accounts() {
        return spool.accounts();
    }

    @Override
    public SpoolStatus status() {
        return spool.status();
    }

    @Override
    public Instant now() {
        return spool.now();
    }

    @Override
    public void close() throws SpoolException {
        spool.close();
    }
}
