package org.relais.spool.engine;

import org.relais.spool.MessageContent;
import org.relais.spool.PendingMessage;

/** A message that is complete and durable in a file of its own, and not yet committed. Safe for use by many threads. */
final class SpilledMessage implements PendingMessage {
    private final LargeMessages files;
    private final long id;
    private final long size;
    private boolean isSettled;

    SpilledMessage(LargeMessages files, long id, long size) {
        this.files = files;
        this.id = id;
        this.size = size;
    }

    long id() {
        return id;
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public MessageContent content() {
        return new FileContent(files, id, size);
    }

    /** A step that is on its way, or was written, owns the file now; false if it has an owner already. */
    synchronized boolean take() {
        boolean isFree = !isSettled;
        isSettled = true;
        return isFree;
    }

    /** The step was not written: the file is the caller's again. */
    synchronized void giveBack() {
        isSettled = false;
    }

    @Override
    public synchronized void close() {
        if (!isSettled) {
            isSettled = true;
            files.delete(id);
        }
    }
}
