package org.relais.spool;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;

/** Hands everything on to another spool: for tests that change one thing of it. */
public class ForwardingSpool implements Spool {
    private final Spool spool;

    protected ForwardingSpool(Spool spool) {
        this.spool = spool;
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
    public CompletionStage<Receipt> commit(Changes changes) {
        return spool.commit(changes);
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
        return spool.renew(claim, lease);
    }

    @Override
    public void release(Claim claim) {
        spool.release(claim);
    }

    @Override
    public void park(Claim claim, long lane) {
        spool.park(claim, lane);
    }

    @Override
    public List<Claim> claimParked(long lane, int atMost, Duration lease) {
        return spool.claimParked(lane, atMost, lease);
    }

    @Override
    public int parked(long lane) {
        return spool.parked(lane);
    }

    @Override
    public void unpark(long lane) {
        spool.unpark(lane);
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
    public OptionalLong size(MessageId id) {
        return spool.size(id);
    }

    @Override
    public Census census(int destinations) {
        return spool.census(destinations);
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
    public List<DamagedRecord> damages() {
        return spool.damages();
    }

    @Override
    public CompletionStage<Boolean> acknowledge(DamagedRecord damage) {
        return spool.acknowledge(damage);
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
