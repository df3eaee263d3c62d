package org.relais.spool.memory;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongPredicate;
import org.relais.spool.MessageWriter;
import org.relais.spool.PendingMessage;
import org.relais.spool.SpoolException;

/** Collects a message on the heap, as far as {@code room} allows its size. */
final class HeapMessageWriter implements MessageWriter {
    private final LongPredicate room;
    private ByteArrayOutputStream content = new ByteArrayOutputStream();

    HeapMessageWriter(LongPredicate room) {
        this.room = room;
    }

    @Override
    public CompletionStage<Void> write(ByteBuffer chunk) {
        if (!room.test((long) content.size() + chunk.remaining())) {
            return CompletableFuture.failedStage(new SpoolException.Full("the spool in memory has no room left"));
        }
        byte[] bytes = new byte[chunk.remaining()];
        chunk.get(bytes);
        content.writeBytes(bytes);
        return CompletableFuture.completedStage(null);
    }

    @Override
    public long size() {
        return content.size();
    }

    @Override
    public CompletionStage<PendingMessage> finish() {
        return CompletableFuture.completedStage(new PendingMessage.InMemory(content.toByteArray()));
    }

    @Override
    public void close() {
        content = new ByteArrayOutputStream(0);
    }
}
