package org.relais.spool;

import java.nio.ByteBuffer;
import java.util.concurrent.CompletionStage;

/**
 * Takes the bytes of one message as they arrive, with bounded memory whatever the message's size. For one caller at a
 * time; never blocks it, so that an event loop may be the caller.
 */
public interface MessageWriter extends AutoCloseable {

    /**
     * Takes the remaining bytes of {@code chunk}, which belong to the caller again on return. The stage completes when
     * the next chunk may come: until then the caller stops reading. It fails with a {@link SpoolException}.
     */
    CompletionStage<Void> write(ByteBuffer chunk);

    /** Bytes taken so far. */
    long size();

    /** The message, ready to be committed. To be called once, after the last {@link #write} completed. */
    CompletionStage<PendingMessage> finish();

    /** Gives the message up, unless it was finished. */
    @Override
    void close();
}
