package org.relais.spool.engine;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.relais.spool.Accounts;
import org.relais.spool.BrowseFilter;
import org.relais.spool.Census;
import org.relais.spool.Changes;
import org.relais.spool.Changes.Change;
import org.relais.spool.Claim;
import org.relais.spool.DamagedRecord;
import org.relais.spool.Disposition;
import org.relais.spool.Envelope;
import org.relais.spool.EnvelopeId;
import org.relais.spool.MessageContent;
import org.relais.spool.MessageId;
import org.relais.spool.MessageWriter;
import org.relais.spool.Page;
import org.relais.spool.PendingMessage;
import org.relais.spool.Receipt;
import org.relais.spool.Spool;
import org.relais.spool.SpoolException;
import org.relais.spool.SpoolStatus;
import org.relais.spool.SpoolTime;
import org.relais.spool.Stage;
import org.relais.spool.disk.Disk;
import org.relais.spool.index.MessageEntry;

/**
 * The spool on disk: a {@link RecordStore} below, an index in memory, group commit between them. Two threads of its
 * own: one commits, one maintains; the executor it is given writes large messages.
 */
public final class DurableSpool implements Spool {
    private static final int PURGES_AT_ONCE = 500;

    private final SpoolSettings settings;
    private final SpoolTime time;
    private final RecordStore store;
    private final SpoolState state;
    private final Committer committer;
    private final Maintenance maintenance;
    private final SpoolReader reader;
    private final Claims claims;
    private final Browser browser;
    private final Room room;
    private final SpillingWriter.Parts writerParts;
    /** Acknowledgements on their way: a second one would be counted twice. Under the state's lock. */
    private final List<DamagedRecord> acknowledging = new ArrayList<>();

    private boolean isClosed;

    /** What a durable spool is made of. */
    public record Parts(
            SpoolSettings settings,
            RecordStore store,
            LargeMessages files,
            Disk disk,
            InstantSource clock,
            LongSupplier nanos,
            Executor io) {}

    private DurableSpool(Parts parts) {
        this.settings = parts.settings();
        this.time = new SpoolTime(parts.clock(), parts.nanos());
        this.store = parts.store();
        this.state = new SpoolState(store, time, settings.cacheBytes());
        this.committer = new Committer(store, state, settings);
        state.syncBy(committer::sync);
        this.maintenance = new Maintenance(this, state, committer, store, parts.files());
        this.reader = new SpoolReader(state, store, parts.files());
        this.claims = new Claims(state, reader, time, committer::canEnd);
        this.browser = new Browser(state, reader, time);
        this.room = new Room(settings, parts.disk(), this::bytes, committer::pendingBytes);
        this.writerParts = new SpillingWriter.Parts(
                parts.files(),
                new MemoryBudget(settings.writerMemory()),
                parts.io(),
                settings.inlineLimit(),
                this::checkRoom,
                state::nextId);
    }

    /** Recovers what is in the store and starts. If that fails the store is closed. */
    public static DurableSpool open(Parts parts) throws SpoolException {
        DurableSpool spool = new DurableSpool(parts);
        try {
            StateRecovery recovery = spool.state.recovery();
            parts.store().recover(recovery, spool.state);
            spool.time.continueFrom(recovery.finish());
            if (spool.state.damages().isEmpty()) {
                parts.files().deleteAllBut(id -> spool.state.index().message(id).isPresent());
            }
        } catch (IOException e) {
            parts.store().close();
            throw new SpoolException.Unusable("cannot read the large messages: " + e.getMessage(), e);
        } catch (SpoolException | RuntimeException e) {
            parts.store().close();
            throw e;
        }
        spool.reader.nameDamages();
        spool.committer.start();
        spool.maintenance.start();
        return spool;
    }

    @Override
    public void checkRoom(long size) throws SpoolException {
        committer.checkOpen();
        room.check(size);
    }

    @Override
    public MessageWriter newMessage() {
        return new SpillingWriter(writerParts);
    }

    // ------------------------------------------------------------------ commit

    @Override
    public CompletionStage<Receipt> commit(Changes changes) {
        Step step = new Step(changes.isDurable(), changes.creates(), System.nanoTime());
        try {
            if (changes.creates()) {
                checkRoom(changes.list().stream().mapToLong(DurableSpool::size).sum());
            }
            claims.mark(step, changes);
            build(step, changes);
            submit(step);
        } catch (SpoolException e) {
            return CompletableFuture.failedStage(e);
        }
        return step.done();
    }

    private void build(Step step, Changes changes) {
        try {
            StepBuilder builder = new StepBuilder(step, time.instant(), state::nextId);
            changes.list().forEach(builder::add);
        } catch (RuntimeException e) {
            state.abandoned(step);
            throw e;
        }
    }

    private void submit(Step step) throws SpoolException {
        for (int taken = 0; taken < step.spilled().size(); taken++) {
            if (!step.spilled().get(taken).take()) {
                step.spilled().subList(0, taken).forEach(SpilledMessage::giveBack);
                state.abandoned(step);
                throw new IllegalArgumentException("a message is committed twice, or after it was closed");
            }
        }
        try {
            committer.submit(step);
        } catch (SpoolException e) {
            step.spilled().forEach(SpilledMessage::giveBack);
            state.abandoned(step);
            throw e;
        }
    }

    private static long size(Change change) {
        return change instanceof Change.Create create && create.message() instanceof PendingMessage.InMemory message
                ? message.size()
                : 0;
    }

    @Override
    public void flush() {
        committer.flush();
    }

    @Override
    public CompletionStage<Void> holdAll(boolean hold) {
        Step step = new Step(true, false, System.nanoTime());
        step.add(new Record(Record.HOLD_ALL, 0, 0, new byte[] {(byte) (hold ? 1 : 0)}));
        try {
            committer.submit(step);
        } catch (SpoolException e) {
            return CompletableFuture.failedStage(e);
        }
        committer.flush();
        return step.done().thenApply(receipt -> null);
    }

    // ------------------------------------------------------------------ claims

    @Override
    public List<Claim> claim(Stage stage, int atMost, Duration lease) {
        return claims.due(stage, atMost, lease);
    }

    @Override
    public Optional<Claim> claim(EnvelopeId id, Duration lease) throws SpoolException {
        committer.checkOpen();
        return claims.one(id, lease);
    }

    @Override
    public Optional<Claim> renew(Claim claim, Duration lease) {
        return claims.renew(claim, lease);
    }

    @Override
    public void release(Claim claim) {
        claims.release(claim);
    }

    @Override
    public void park(Claim claim, long lane) {
        claims.park(claim, lane);
    }

    @Override
    public List<Claim> claimParked(long lane, int atMost, Duration lease) {
        return claims.parked(lane, atMost, lease);
    }

    @Override
    public int parked(long lane) {
        return claims.parked(lane);
    }

    @Override
    public void unpark(long lane) {
        claims.unpark(lane);
    }

    @Override
    public boolean awaitDue(Stage stage, Duration atMost) throws InterruptedException {
        return claims.awaitDue(stage, atMost);
    }

    /** Ends leases, and forgets removed envelopes whose retention is over. Called by the maintenance. */
    void expire() throws SpoolException {
        Instant now = time.instant();
        List<Long> over;
        state.lock().lock();
        try {
            claims.expire(now);
            state.signalChange();
            long before = now.minus(settings.retention()).toEpochMilli();
            over = state.index().removedBefore(before, PURGES_AT_ONCE);
        } finally {
            state.lock().unlock();
        }
        if (!over.isEmpty()) {
            Step step = new Step(false, false, System.nanoTime());
            byte[] exit = EnvelopeCodec.encodeExit(Disposition.REMOVED, now);
            over.forEach(id -> step.add(new Record(Record.EXIT, Record.PURGED, id, exit)));
            step.done().whenComplete((receipt, failure) -> {
                if (failure != null) {
                    over.forEach(claims::undo);
                }
            });
            try {
                committer.submit(step);
            } catch (SpoolException e) {
                step.done().completeExceptionally(e);
                throw e;
            }
            committer.flush();
        }
    }

    // ------------------------------------------------------------------ questions

    @Override
    public Optional<Envelope> find(EnvelopeId id) throws SpoolException {
        return reader.envelope(id.value());
    }

    @Override
    public MessageContent content(MessageId id) throws SpoolException {
        return reader.content(id);
    }

    @Override
    public OptionalLong size(MessageId id) {
        state.lock().lock();
        try {
            Optional<MessageEntry> entry = state.index().message(id.value());
            return entry.isPresent() ? OptionalLong.of(entry.get().size()) : OptionalLong.empty();
        } finally {
            state.lock().unlock();
        }
    }

    @Override
    public Census census(int destinations) {
        return Counting.census(state, reader, destinations);
    }

    @Override
    public Page browse(BrowseFilter filter, Optional<EnvelopeId> after, int limit) throws SpoolException {
        return browser.browse(filter, after, limit);
    }

    @Override
    public List<DamagedRecord> damages() {
        return state.damages();
    }

    @Override
    public CompletionStage<Boolean> acknowledge(DamagedRecord damage) {
        Step step = new Step(true, false, System.nanoTime());
        state.lock().lock();
        try {
            Optional<DamagedRecord> known =
                    state.damages().stream().filter(damage::isAt).findFirst();
            if (known.isEmpty() || acknowledging.stream().anyMatch(damage::isAt)) {
                return CompletableFuture.completedStage(false);
            }
            acknowledging.add(damage);
            EnvelopeId id = known.get().envelope();
            if (id != null && state.index().isSetAside(id.value())) {
                int flags = state.index().isRemoved(id.value()) ? Record.PURGED : 0;
                byte[] exit = EnvelopeCodec.encodeExit(Disposition.REMOVED, time.instant());
                step.add(new Record(Record.EXIT, flags, id.value(), exit));
            }
            long settled = damage.file().equals(DamagedRecord.ACCOUNTS)
                    ? state.accounts().difference()
                    : 0;
            step.add(new Record(Record.ACKNOWLEDGED, 0, 0, new Acknowledgement(damage, settled).encode()));
        } finally {
            state.lock().unlock();
        }
        step.done().whenComplete((receipt, failure) -> acknowledged(damage));
        try {
            committer.submit(step);
        } catch (SpoolException e) {
            step.done().completeExceptionally(e);
        }
        committer.flush();
        return step.done().thenApply(receipt -> true);
    }

    private void acknowledged(DamagedRecord damage) {
        state.lock().lock();
        try {
            acknowledging.removeIf(damage::isAt);
        } finally {
            state.lock().unlock();
        }
    }

    @Override
    public Accounts accounts() {
        return state.accounts();
    }

    @Override
    public SpoolStatus status() {
        @Nullable String refusal = null;
        try {
            checkRoom(1);
        } catch (SpoolException e) {
            refusal = e.getMessage();
        }
        state.lock().lock();
        try {
            return new SpoolStatus(
                    refusal,
                    state.isHoldingAll(),
                    state.inSpool(),
                    state.removedCount(),
                    state.holdings().size(),
                    state.damages().size(),
                    store.bytesOnDisk(),
                    store.syncs(),
                    committer.commits());
        } finally {
            state.lock().unlock();
        }
    }

    private long bytes() {
        state.lock().lock();
        try {
            return state.bytes();
        } finally {
            state.lock().unlock();
        }
    }

    @Override
    public Instant now() {
        return time.instant();
    }

    @Override
    public void close() throws SpoolException {
        synchronized (this) {
            if (isClosed) {
                return;
            }
            isClosed = true;
        }
        committer.close();
        maintenance.close();
        try {
            if (!committer.isBroken()) {
                store.checkpoint();
            }
        } finally {
            store.close();
        }
    }
}
