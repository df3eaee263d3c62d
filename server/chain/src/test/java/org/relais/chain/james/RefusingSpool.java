package org.relais.chain.james;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
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

/** A spool that refuses steps when the test says so: its disk is full. */
public final class RefusingSpool implements Spool {
    private final Spool spool;
    private final AtomicInteger renewals = new AtomicInteger();
    private final AtomicInteger refusals = new AtomicInteger();
    private volatile boolean refuses;

    public RefusingSpool(Spool spool) {
        this.spool = spool;
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
        return spool.commit(changes);
    }

    @Override
    public void checkRoom(long size) throws SpoolException {
        spool.checkRoom(size);
    }

    @Override
    public MessageWriter newMessage() {
        return spool.newMessage();
    }

    @Override
    public void flush() {
        spool.flush();
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
        Optional<Claim> renewed = spool.renew(claim, lease);
        renewals.incrementAndGet();
        return renewed;
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
