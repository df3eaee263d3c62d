package org.relais.spool.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.relais.spool.CommitMode;
import org.relais.spool.SpoolException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Group commit: all steps that wait are written together and share one fsync; while it lasts, the next ones gather.
 * Steps are written in the order in which they were submitted. A step that needs no fsync rides along, and gets one
 * after a second at the latest.
 *
 * <p>Safe for use by many threads. Writing is done by one at a time: the committer's own thread, or whoever flushes.
 */
final class Committer implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(Committer.class);
    private static final Duration UNFLUSHED = Duration.ofMillis(100);
    private static final Duration UNSYNCED = Duration.ofSeconds(1);
    private static final Duration SHUTDOWN = Duration.ofSeconds(30);
    private static final long LONGEST_GATHERING = Duration.ofMillis(1).toNanos();

    private final RecordStore store;
    private final SpoolState state;
    private final SpoolSettings settings;
    private final ReentrantLock queueLock = new ReentrantLock();
    private final Condition arrived = queueLock.newCondition();
    private final ReentrantLock writeLock = new ReentrantLock();
    private final Thread thread;
    private List<Step> queue = new ArrayList<>();
    private long waitingBytes;
    private long commits;
    private boolean isClosing;
    private boolean isUnsynced;
    private long unsyncedSince;
    private volatile SpoolException.@Nullable Broken broken;
    /** The last that was to be written created nothing and did not fit either. */
    private volatile boolean isOutOfRoom;
    /** Half as long as the last append with an fsync took, if it was for several steps; else 0. */
    private long gathering;

    Committer(RecordStore store, SpoolState state, SpoolSettings settings) {
        this.store = store;
        this.state = state;
        this.settings = settings;
        this.thread = new Thread(this::run, "spool-committer");
    }

    void start() {
        thread.start();
    }

    /** @throws SpoolException if the step is not taken; then nothing of it happens */
    void submit(Step step) throws SpoolException {
        queueLock.lock();
        try {
            checkOpen();
            if (waitingBytes + step.bytes() > settings.pendingBytes() && !queue.isEmpty()) {
                throw new SpoolException.Busy("spool: " + waitingBytes + " bytes wait for the disk");
            }
            if (!queue.isEmpty() && isLate(queue.get(0))) {
                throw late();
            }
            waitingBytes += step.bytes();
            queue.add(step);
            if (queue.size() == 1 && settings.mode() == CommitMode.COMMITTER) {
                arrived.signal();
            }
        } finally {
            queueLock.unlock();
        }
    }

    void flush() {
        if (settings.mode() == CommitMode.CALLER) {
            write(false);
        }
    }

    void checkOpen() throws SpoolException {
        checkWorking();
        if (isClosing) {
            throw new SpoolException.Closed();
        }
    }

    private void checkWorking() throws SpoolException.Broken {
        SpoolException.Broken reason = broken;
        if (reason != null) {
            throw new SpoolException.Broken(String.valueOf(reason.getMessage()), reason);
        }
    }

    boolean isBroken() {
        return broken != null;
    }

    /** Whether ends of envelopes can be written, as far as is known. */
    boolean canEnd() {
        return !isOutOfRoom && !isBroken();
    }

    /** Looks whether there is room again; otherwise nobody would know, where nothing is done because of it. */
    void lookForRoom() throws SpoolException {
        if (isOutOfRoom && store.hasRoomToEnd()) {
            roomIsBack();
        }
    }

    private void roomIsBack() {
        if (isOutOfRoom) {
            isOutOfRoom = false;
            LOGGER.info("the disk has room again: the spool hands out mail for delivery again");
        }
    }

    private void outOfRoom(SpoolException.Full failure) {
        if (!isOutOfRoom) {
            isOutOfRoom = true;
            LOGGER.error(
                    "the disk has no room even for the end of a mail: the spool hands out nothing for delivery until"
                            + " there is, for it would be delivered twice",
                    failure);
        }
    }

    /** Nothing is written from now on. */
    void stop(SpoolException.Broken reason) {
        if (broken == null) {
            broken = reason;
            LOGGER.error("the spool accepts nothing any more: look at the disk, then start again", reason);
        }
    }

    long pendingBytes() {
        queueLock.lock();
        try {
            return waitingBytes;
        } finally {
            queueLock.unlock();
        }
    }

    long commits() {
        queueLock.lock();
        try {
            return commits;
        } finally {
            queueLock.unlock();
        }
    }

    /** Makes durable what was written so far. */
    void sync() throws SpoolException {
        writeLock.lock();
        try {
            checkWorking();
            store.sync();
            isUnsynced = false;
        } catch (SpoolException.Broken e) {
            stop(e);
            throw e;
        } finally {
            writeLock.unlock();
        }
    }

    private void run() {
        try {
            while (awaitWork()) {
                gather();
                write(false);
            }
        } catch (InterruptedException e) {
            stop(new SpoolException.Broken("the committer was interrupted", e));
        }
        write(true);
    }

    /** Waits for steps, or for the time to sync those that were written without. False when it is time to end. */
    private boolean awaitWork() throws InterruptedException {
        queueLock.lockInterruptibly();
        try {
            if (settings.mode() == CommitMode.CALLER && !isClosing) {
                arrived.awaitNanos(UNFLUSHED.toNanos());
            } else if (queue.isEmpty() && !isClosing) {
                arrived.awaitNanos(UNSYNCED.toNanos() / 4);
            }
            return !isClosing;
        } finally {
            queueLock.unlock();
        }
    }

    /**
     * Where several steps shared the last fsync more are on their way: to wait for them half as long as that took saves
     * a third of the fsyncs. One client alone never waits.
     */
    private void gather() {
        if (gathering > 0) {
            LockSupport.parkNanos(gathering);
        }
    }

    private void write(boolean isLast) {
        writeLock.lock();
        try {
            List<Step> batch = drain();
            if (!batch.isEmpty()) {
                write(batch);
            } else if (isOverdue() || (isLast && isUnsynced)) {
                syncQuietly();
            }
        } finally {
            writeLock.unlock();
        }
    }

    private void syncQuietly() {
        try {
            if (!isBroken()) {
                sync();
            }
        } catch (SpoolException e) {
            LOGGER.debug("told by stop()", e);
        }
    }

    private List<Step> drain() {
        queueLock.lock();
        try {
            List<Step> batch = queue;
            queue = new ArrayList<>(batch.size());
            waitingBytes = 0;
            commits += batch.size();
            return batch;
        } finally {
            queueLock.unlock();
        }
    }

    private void write(List<Step> drained) {
        List<Step> batch = dropLate(drained);
        try {
            append(batch);
        } catch (SpoolException.Full e) {
            // What gives space back must not fail with what takes it.
            List<Step> refused = batch.stream().filter(Step::creates).toList();
            List<Step> rest = batch.stream().filter(step -> !step.creates()).toList();
            refused.forEach(step -> fail(step, e));
            writeWithoutRoom(rest);
        } catch (SpoolException e) {
            batch.forEach(step -> fail(step, e));
        } catch (RuntimeException | Error e) {
            // A bug: nobody knows any more whether memory and disk agree, so only a restart may go on.
            SpoolException.Broken bug = new SpoolException.Broken("a fault of the spool itself: " + e, e);
            stop(bug);
            batch.forEach(step -> fail(step, bug));
        }
    }

    /** For steps that create nothing. */
    private void writeWithoutRoom(List<Step> batch) {
        try {
            try {
                append(batch);
            } catch (SpoolException.Full e) {
                if (!store.useReserve()) {
                    throw e;
                }
                append(batch);
            }
        } catch (SpoolException.Full e) {
            outOfRoom(e);
            batch.forEach(step -> fail(step, e));
        } catch (SpoolException e) {
            batch.forEach(step -> fail(step, e));
        }
    }

    private void append(List<Step> batch) throws SpoolException {
        if (batch.isEmpty()) {
            return;
        }
        checkWorking();
        boolean isDurable = isOverdue() || batch.stream().anyMatch(Step::isDurable);
        long begin = System.nanoTime();
        try {
            store.append(batch.stream().map(Step::records).toList(), isDurable);
        } catch (SpoolException.Broken e) {
            stop(e);
            throw e;
        }
        roomIsBack();
        gathering = isDurable && batch.size() > 1 && settings.mode() == CommitMode.COMMITTER
                ? Math.min((System.nanoTime() - begin) / 2, LONGEST_GATHERING)
                : 0;
        if (!isDurable && !isUnsynced) {
            unsyncedSince = System.nanoTime();
        }
        isUnsynced = !isDurable;
        state.applied(batch, store.position());
        batch.forEach(step -> step.done().complete(step.receipt()));
    }

    private boolean isOverdue() {
        return isUnsynced && System.nanoTime() - unsyncedSince >= UNSYNCED.toNanos();
    }

    private List<Step> dropLate(List<Step> batch) {
        List<Step> inTime = new ArrayList<>(batch.size());
        for (Step step : batch) {
            if (isLate(step)) {
                fail(step, late());
            } else {
                inTime.add(step);
            }
        }
        return inTime;
    }

    private boolean isLate(Step step) {
        return System.nanoTime() - step.submittedNanos()
                > settings.commitDeadline().toNanos();
    }

    private SpoolException.Busy late() {
        return new SpoolException.Busy("spool: the disk did not get to it within "
                + settings.commitDeadline().toMillis() + " ms");
    }

    /** Fails what waits for too long behind a disk that hangs. What is being written stays: nobody knows how it ends. */
    void failLate() {
        List<Step> late = new ArrayList<>();
        queueLock.lock();
        try {
            for (Step step : queue) {
                if (isLate(step)) {
                    late.add(step);
                    waitingBytes -= step.bytes();
                }
            }
            queue.removeAll(late);
        } finally {
            queueLock.unlock();
        }
        late.forEach(step -> fail(step, late()));
    }

    private void fail(Step step, SpoolException failure) {
        state.abandoned(step);
        // After Broken nobody knows whether the step is on disk: then its files must stay for the restart.
        if (!(failure instanceof SpoolException.Broken)) {
            step.spilled().forEach(SpilledMessage::giveBack);
        }
        step.done().completeExceptionally(failure);
    }

    /** Writes what was submitted and ends. */
    @Override
    public void close() {
        queueLock.lock();
        try {
            isClosing = true;
            arrived.signalAll();
        } finally {
            queueLock.unlock();
        }
        boolean isInterrupted = false;
        try {
            thread.join(SHUTDOWN.toMillis());
        } catch (InterruptedException e) {
            isInterrupted = true;
        }
        if (thread.isAlive()) {
            stop(new SpoolException.Broken("the disk did not answer within " + SHUTDOWN, null));
        }
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
