package org.relais.spool;

/**
 * The bytes of a message that is complete but not committed: made by {@link MessageWriter#finish()} or {@link #of}.
 * It ends either in one commit or by {@link #close()}; whoever holds it sees to that.
 */
public interface PendingMessage extends AutoCloseable {

    long size();

    /** The bytes, to be read before the commit; not behind {@link #close}. */
    MessageContent content();

    /** Forgets the bytes. Does nothing once they are committed. */
    @Override
    void close();

    /** What {@link #of} takes at most; longer messages come through a {@link MessageWriter}. */
    int MOST_IN_MEMORY = 1 << 20;

    /** A message in memory. {@code content} is not copied: the caller must not change it any more. */
    static PendingMessage of(byte[] content) {
        if (content.length > MOST_IN_MEMORY) {
            throw new IllegalArgumentException(content.length + " bytes are too many for a message in memory");
        }
        return new InMemory(content);
    }

    /** A message small enough to be held in memory. The array is shared and never changed. */
    @SuppressWarnings("ArrayRecordComponent") // shared on purpose, see of(byte[])
    record InMemory(byte[] bytes) implements PendingMessage {

        @Override
        public long size() {
            return bytes.length;
        }

        @Override
        public MessageContent content() {
            return new ArrayContent(bytes);
        }

        @Override
        public void close() {}
    }
}
