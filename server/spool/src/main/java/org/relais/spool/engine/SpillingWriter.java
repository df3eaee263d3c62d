package org.relais.spool.engine;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.relais.spool.MessageWriter;
import org.relais.spool.PendingMessage;
import org.relais.spool.SpoolException;
import org.relais.spool.disk.DiskFullException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Collects a message in memory while it is small, and in a file once it exceeds the limit or the memory that all
 * writers share; files are written by an executor, a buffer at a time, while the caller waits with the next chunk.
 */
final class SpillingWriter implements MessageWriter {
    private static final Logger LOGGER = LoggerFactory.getLogger(SpillingWriter.class);
    private static final int FIRST = 8 * 1024;
    private static final int STAGING = 256 * 1024;

    private final Parts parts;
    private byte[] buffer;
    private long taken;
    private int filled;
    private long size;
    private LargeMessages.@Nullable Draft draft;
    private boolean isWriting;
    private boolean isOver;

    /** What all writers of a spool share. */
    record Parts(LargeMessages files, MemoryBudget memory, Executor io, int inlineLimit, Room room, StepIds ids) {}

    /** Whether a message of that size may go on. */
    interface Room {
        void check(long size) throws SpoolException;
    }

    interface StepIds {
        long next();
    }

    SpillingWriter(Parts parts) {
        this.parts = parts;
        this.buffer = new byte[0];
    }

    @Override
    public CompletionStage<Void> write(ByteBuffer chunk) {
        if (isOver || isWriting) {
            throw new IllegalStateException(isOver ? "the message is finished" : "the last write is not complete");
        }
        size += chunk.remaining();
        if (draft == null && size <= parts.inlineLimit() && grow(filled + chunk.remaining())) {
            int count = chunk.remaining();
            chunk.get(buffer, filled, count);
            filled += count;
            return CompletableFuture.completedStage(null);
        }
        return spill(chunk);
    }

    private boolean grow(int needed) {
        if (needed <= buffer.length) {
            return true;
        }
        int capacity = Math.max(needed, Math.min(parts.inlineLimit(), Math.max(FIRST, buffer.length * 2)));
        if (!parts.memory().take(capacity - taken)) {
            return false;
        }
        taken = capacity;
        buffer = Arrays.copyOf(buffer, capacity);
        return true;
    }

    /** The chunk goes behind what was collected; when the buffer is full the executor writes it. */
    private CompletionStage<Void> spill(ByteBuffer chunk) {
        if (filled + chunk.remaining() < buffer.length) {
            int count = chunk.remaining();
            chunk.get(buffer, filled, count);
            filled += count;
            return CompletableFuture.completedStage(null);
        }
        byte[] rest = new byte[chunk.remaining()];
        chunk.get(rest);
        ByteBuffer collected = ByteBuffer.wrap(buffer, 0, filled);
        return onDisk(() -> {
            LargeMessages.Draft open = openDraft();
            open.write(collected);
            open.write(ByteBuffer.wrap(rest));
            filled = 0;
            if (buffer.length < STAGING && parts.memory().take(STAGING - taken)) {
                taken = STAGING;
                buffer = new byte[STAGING];
            }
        });
    }

    private LargeMessages.Draft openDraft() throws IOException {
        LargeMessages.Draft open = draft;
        if (open == null) {
            open = parts.files().create(parts.ids().next());
            draft = open;
        }
        return open;
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public CompletionStage<PendingMessage> finish() {
        if (isOver || isWriting) {
            throw new IllegalStateException(isOver ? "the message is finished" : "the last write is not complete");
        }
        if (draft == null) {
            byte[] content = filled == buffer.length ? buffer : Arrays.copyOf(buffer, filled);
            end();
            return CompletableFuture.completedStage(PendingMessage.of(content));
        }
        CompletableFuture<PendingMessage> finished = new CompletableFuture<>();
        onDisk(() -> {
                    LargeMessages.Draft open = openDraft();
                    open.write(ByteBuffer.wrap(buffer, 0, filled));
                    SpilledMessage message = open.finish(size);
                    draft = null;
                    end();
                    finished.complete(message);
                })
                .whenComplete((nothing, failure) -> {
                    if (failure != null) {
                        finished.completeExceptionally(failure);
                    }
                });
        return finished;
    }

    private interface DiskWork {
        void run() throws IOException;
    }

    private CompletionStage<Void> onDisk(DiskWork work) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        isWriting = true;
        Runnable task = () -> {
            Throwable failure = attempt(work);
            isWriting = false;
            if (failure == null) {
                done.complete(null);
            } else {
                done.completeExceptionally(failure);
            }
        };
        try {
            parts.io().execute(task);
        } catch (RejectedExecutionException e) {
            isWriting = false;
            done.completeExceptionally(new SpoolException.Closed());
        }
        return done;
    }

    private @Nullable Throwable attempt(DiskWork work) {
        try {
            parts.room().check(size);
            work.run();
            return null;
        } catch (SpoolException e) {
            return e;
        } catch (DiskFullException e) {
            return new SpoolException.Full(String.valueOf(e.getMessage()), e);
        } catch (IOException e) {
            // Only this message is concerned: nothing that was acknowledged is in its file.
            return new SpoolException.Unusable("cannot write a large message: " + e.getMessage(), e);
        } catch (RuntimeException | Error e) {
            // Whoever waits for this must hear of it: a session would hang.
            return e;
        }
    }

    /** To be called when no write is under way. */
    @Override
    public void close() {
        if (!isOver) {
            LargeMessages.Draft open = draft;
            if (open != null) {
                draft = null;
                abandon(open);
            }
            end();
        }
    }

    private void abandon(LargeMessages.Draft open) {
        try {
            parts.io().execute(open::abandon);
        } catch (RejectedExecutionException e) {
            LOGGER.info("the file of a message that was given up stays until the next start", e);
        }
    }

    private void end() {
        isOver = true;
        parts.memory().giveBack(taken);
        taken = 0;
        buffer = new byte[0];
    }
}
