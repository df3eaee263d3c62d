package org.relais.spool.engine;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.relais.spool.Accounts;
import org.relais.spool.Claim;
import org.relais.spool.DamagedRecord;
import org.relais.spool.Disposition;
import org.relais.spool.Envelope;
import org.relais.spool.SpoolException;
import org.relais.spool.SpoolTime;
import org.relais.spool.index.EnvelopeEntry;
import org.relais.spool.index.MessageEntry;
import org.relais.spool.index.SpoolIndex;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the spool knows: index, claims, accounts, recent mail. It changes by records only, the same way at run time and
 * in a recovery, so that both come to the same state.
 *
 * <p>Safe for use by many threads: everything but the numbers of new records stands under one lock, which is never
 * held while a file is touched. {@link #lock()} is for callers that need several steps at once.
 */
final class SpoolState implements RecordStore.Live, SpoolIndex.Garbage {
    static final int MOST_DAMAGES = 10_000;
    private static final Logger LOGGER = LoggerFactory.getLogger(SpoolState.class);
    private static final int SLOTS_AT_ONCE = 4096;
    /** The location of a message whose record is missing. */
    private static final long NOWHERE = 0;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final RecordStore store;
    private final SpoolIndex index = new SpoolIndex(this);
    private final Holdings holdings = new Holdings();
    private final Counters counters = new Counters();
    private final RecentMail recent;
    private final Set<DamagedRecord> damages = new LinkedHashSet<>();
    private final List<Long> deadFiles = new ArrayList<>();
    private final AtomicLong lastId = new AtomicLong();
    private final SpoolTime time;
    private Sync sync = () -> {};
    private boolean isHoldingAll;
    private boolean isRecovering;
    private long position;

    SpoolState(RecordStore store, SpoolTime time, long cacheBytes) {
        this.store = store;
        this.time = time;
        this.recent = new RecentMail(cacheBytes);
    }

    /** Makes durable what was applied so far. */
    interface Sync {
        void run() throws SpoolException;
    }

    /** To be called once, before anybody else knows the state. */
    void syncBy(Sync committer) {
        sync = committer;
    }

    ReentrantLock lock() {
        return lock;
    }

    SpoolIndex index() {
        return index;
    }

    Holdings holdings() {
        return holdings;
    }

    RecentMail recent() {
        return recent;
    }

    long nextId() {
        return lastId.incrementAndGet();
    }

    // ------------------------------------------------------------------ changes

    /** Applies what was written up to {@code end}, and settles the claims. */
    void applied(List<Step> steps, long end) {
        lock.lock();
        try {
            for (Step step : steps) {
                apply(step.records());
                settle(step);
            }
            position = end;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The step was not written: its claims go on. */
    void abandoned(Step step) {
        lock.lock();
        try {
            step.ending().forEach(holdings::undoEnding);
            step.pinned().forEach(holdings::unpin);
        } finally {
            lock.unlock();
        }
    }

    private void settle(Step step) {
        step.pinned().forEach(holdings::unpin);
        for (Holdings.Holding holding : step.ending()) {
            Claim old = holding.claim();
            Claim renewed = null;
            for (Claim claim : step.kept()) {
                if (claim.token() == old.token()) {
                    renewed = claim;
                }
            }
            if (renewed == null) {
                holdings.remove(holding);
            } else {
                holdings.keep(holding, renewed);
                index.claim(renewed.id().value());
            }
        }
    }

    private void apply(List<Record> records) {
        List<Long> touched = new ArrayList<>(2);
        for (Record record : records) {
            switch (record.type()) {
                case Record.MESSAGE -> {
                    int length = record.body().length;
                    index.putMessage(new MessageEntry(record.id(), record.location(), length, length, false));
                    if (!isRecovering) {
                        recent.putMessage(record.id(), record.body());
                    }
                    touched.add(record.id());
                }
                case Record.LARGE_MESSAGE -> {
                    long size = ByteBuffer.wrap(record.body()).getLong();
                    index.putMessage(
                            new MessageEntry(record.id(), record.location(), record.body().length, size, true));
                    touched.add(record.id());
                }
                case Record.ENVELOPE -> applyEnvelope(record, touched);
                case Record.EXIT -> applyExit(record, touched);
                case Record.HOLD_ALL -> isHoldingAll = record.body()[0] != 0;
                case Record.ACKNOWLEDGED -> applyAcknowledged(Acknowledgement.decode(record.body()));
                default -> LOGGER.debug("record of type {} is not for the state", record.type());
            }
            lastId.accumulateAndGet(record.id(), Math::max);
        }
        if (!isRecovering) {
            touched.forEach(this::dropIfUnused);
        }
    }

    private void applyEnvelope(Record record, List<Long> touched) {
        Envelope known = record.envelope();
        Envelope envelope = known != null ? known : EnvelopeCodec.decode(record.id(), record.body());
        index.envelope(record.id()).ifPresent(old -> touched.add(old.message()));
        requireMessage(envelope.message().value());
        index.putEnvelope(EnvelopeEntry.of(envelope, record.location(), record.body().length));
        if (isRecovering) {
            lastId.accumulateAndGet(envelope.message().value(), Math::max);
        } else {
            recent.put(envelope);
        }
        if (record.has(Record.CAME)) {
            counters.came(envelope.origin());
        } else if (record.has(Record.REMOVED)) {
            counters.left(Disposition.REMOVED);
        } else if (record.has(Record.RESTORED)) {
            counters.restored();
        }
    }

    private void applyExit(Record record, List<Long> touched) {
        index.envelope(record.id()).ifPresent(old -> touched.add(old.message()));
        index.removeEnvelope(record.id());
        recent.removeEnvelope(record.id());
        if (!record.has(Record.PURGED)) {
            counters.left(EnvelopeCodec.disposition(record.body()));
        }
    }

    private void applyAcknowledged(Acknowledgement acknowledged) {
        damages.removeIf(acknowledged.damage()::isAt);
        counters.settle(acknowledged.difference());
    }

    private void dropIfUnused(long messageId) {
        index.dropIfUnused(messageId).ifPresent(this::dropped);
    }

    private void dropped(MessageEntry entry) {
        recent.removeMessage(entry.id());
        if (entry.isLarge()) {
            deadFiles.add(entry.id());
        }
    }

    /** An envelope whose message is damaged stays, so that an operator sees what was lost. */
    private void requireMessage(long messageId) {
        if (index.message(messageId).isEmpty()) {
            index.putMessage(new MessageEntry(messageId, NOWHERE, 0, 0, false));
        }
    }

    /** Large messages that nobody refers to; each is told once. To be deleted when what was appended is durable. */
    List<Long> takeDeadFiles() {
        lock.lock();
        try {
            List<Long> taken = List.copyOf(deadFiles);
            deadFiles.clear();
            return taken;
        } finally {
            lock.unlock();
        }
    }

    // ------------------------------------------------------------------ recovery

    /** The listener of a recovery; {@link StateRecovery#finish} ends it. */
    StateRecovery recovery() {
        isRecovering = true;
        return new StateRecovery(this);
    }

    /** What a checkpoint says. */
    void restore(CheckpointHead head) {
        counters.set(head.counters());
        lastId.accumulateAndGet(head.lastId(), Math::max);
        isHoldingAll = head.isHoldingAll();
        // Told again at each start, until somebody takes note of it.
        head.damages().forEach(this::damaged);
    }

    void restore(EnvelopeEntry entry) {
        requireMessage(entry.message());
        index.putEnvelope(entry);
    }

    void restoreCounters(List<Long> values, boolean isHolding) {
        counters.set(values);
        isHoldingAll = isHolding;
    }

    /** Counts what damaged records would have counted. */
    void count(Consumer<Counters> correction) {
        correction.accept(counters);
    }

    long lastId() {
        return lastId.get();
    }

    /** Where the accounts do not add up after a recovery, records were damaged beyond recognition. */
    void tellDifference(boolean hadCheckpoint) {
        long difference = accounts().difference();
        if (difference > 0) {
            damaged(new DamagedRecord(
                    DamagedRecord.ACCOUNTS, difference, difference + " envelopes that came are in no readable record"));
        } else if (difference < 0) {
            damaged(new DamagedRecord(
                    DamagedRecord.ACCOUNTS,
                    -difference,
                    -difference + " envelopes that left are here again: the record of their end is "
                            + (hadCheckpoint ? "damaged" : "gone with the checkpoint")));
        }
    }

    void repeat(List<Record> records) {
        apply(records);
    }

    /** The recovery is over: drops what nothing refers to and tells the store what is live. */
    void recovered() {
        // Their files, if they are large, go with all others that nothing refers to, and only if nothing is damaged.
        index.dropUnused(entry -> {});
        isRecovering = false;
        position = store.position();
        index.messages(0, index.messageSlots(), entry -> {
            if (entry.location() == NOWHERE) {
                damaged(new DamagedRecord("(no file)", 0, "message " + entry.id() + " is missing"));
            } else {
                store.retain(entry.location(), entry.length());
            }
        });
        index.envelopes(0, index.envelopeSlots(), entry -> store.retain(entry.location(), entry.length()));
    }

    // ------------------------------------------------------------------ questions

    boolean isHoldingAll() {
        return isHoldingAll;
    }

    long bytes() {
        return index.bytes();
    }

    long removedCount() {
        return index.envelopeCount() - inSpool();
    }

    /** By the index; the counters count by themselves, and {@link #accounts} compares. */
    long inSpool() {
        return index.liveCount();
    }

    Accounts accounts() {
        lock.lock();
        try {
            return counters.accounts(inSpool());
        } finally {
            lock.unlock();
        }
    }

    List<DamagedRecord> damages() {
        lock.lock();
        try {
            return List.copyOf(damages);
        } finally {
            lock.unlock();
        }
    }

    /** Puts what else is known of a damage in its place. */
    void known(DamagedRecord damage) {
        lock.lock();
        try {
            if (damages.removeIf(damage::isAt)) {
                damages.add(damage);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Waits for a change, at most that long. Under {@link #lock()}. */
    void awaitChange(Duration atMost) throws InterruptedException {
        changed.awaitNanos(atMost.toNanos());
    }

    void signalChange() {
        changed.signalAll();
    }

    // ------------------------------------------------------------------ for the store

    @Override
    public void damaged(DamagedRecord damage) {
        lock.lock();
        try {
            if (damages.size() < MOST_DAMAGES && damages.stream().noneMatch(damage::isAt)) {
                damages.add(damage);
                LOGGER.error("damaged record set aside: {}", damage);
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void sync() throws SpoolException {
        sync.run();
    }

    @Override
    public boolean isLive(byte type, long id, long location) {
        lock.lock();
        try {
            return type == Record.ENVELOPE ? index.isEnvelopeAt(id, location) : index.isMessageAt(id, location);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean moved(byte type, long id, long from, long to) {
        lock.lock();
        try {
            return type == Record.ENVELOPE ? index.moveEnvelope(id, from, to) : index.moveMessage(id, from, to);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public CheckpointHead head() {
        lock.lock();
        try {
            return new CheckpointHead(
                    position, lastId.get(), time.millis(), isHoldingAll, counters.toArray(), List.copyOf(damages));
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void entries(RecordStore.EntrySink sink) throws IOException {
        int slots = slots(false);
        for (int from = 0; from < slots; from += SLOTS_AT_ONCE) {
            for (MessageEntry entry : messagePiece(from)) {
                sink.message(entry);
            }
        }
        envelopes(sink);
    }

    /** Streams all envelopes, a piece at a time. */
    void envelopes(RecordStore.EntrySink sink) throws IOException {
        int slots = slots(true);
        for (int from = 0; from < slots; from += SLOTS_AT_ONCE) {
            for (EnvelopeEntry entry : envelopePiece(from)) {
                sink.envelope(entry);
            }
        }
    }

    private int slots(boolean ofEnvelopes) {
        lock.lock();
        try {
            return ofEnvelopes ? index.envelopeSlots() : index.messageSlots();
        } finally {
            lock.unlock();
        }
    }

    private List<MessageEntry> messagePiece(int from) {
        lock.lock();
        try {
            List<MessageEntry> piece = new ArrayList<>(SLOTS_AT_ONCE);
            index.messages(from, from + SLOTS_AT_ONCE, piece::add);
            return piece;
        } finally {
            lock.unlock();
        }
    }

    private List<EnvelopeEntry> envelopePiece(int from) {
        lock.lock();
        try {
            List<EnvelopeEntry> piece = new ArrayList<>(SLOTS_AT_ONCE);
            index.envelopes(from, from + SLOTS_AT_ONCE, piece::add);
            return piece;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void envelope(long id, long location, int length) {
        if (!isRecovering) {
            store.discard(Record.ENVELOPE, id, location, length);
        }
    }

    @Override
    public void message(MessageEntry entry) {
        if (!isRecovering && entry.location() != NOWHERE) {
            byte type = entry.isLarge() ? Record.LARGE_MESSAGE : Record.MESSAGE;
            store.discard(type, entry.id(), entry.location(), entry.length());
        }
    }
}
