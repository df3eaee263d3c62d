package org.relais.spool.james;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import org.relais.spool.MessageWriter;
import org.relais.spool.PendingMessage;
import org.relais.spool.Spool;
import org.relais.spool.SpoolException;

/**
 * A message on its way into the spool, for those who write to a stream: collected in {@value #BUFFER} octets, and
 * handed on piece by piece if it is longer. For one thread, which waits for the disk.
 */
final class WriterStream extends OutputStream {
    private static final int BUFFER = 64 * 1024;

    private final MessageWriter writer;
    private final byte[] buffer = new byte[BUFFER];
    private int filled;

    WriterStream(Spool spool) {
        this.writer = spool.newMessage();
    }

    /** The cause is a {@link SpoolException}. */
    static final class SpoolFailure extends IOException {
        private static final long serialVersionUID = 1L;

        private final SpoolException failure;

        SpoolFailure(SpoolException failure) {
            super(failure);
            this.failure = failure;
        }

        SpoolException failure() {
            return failure;
        }
    }

    @Override
    public void write(int octet) throws IOException {
        if (filled == buffer.length) {
            drain();
        }
        buffer[filled++] = (byte) octet;
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
        int taken = 0;
        while (taken < length) {
            if (filled == buffer.length) {
                drain();
            }
            int count = Math.min(length - taken, buffer.length - filled);
            System.arraycopy(bytes, from + taken, buffer, filled, count);
            filled += count;
            taken += count;
        }
    }

    private void drain() throws IOException {
        try {
            SpoolWait.on(writer.write(ByteBuffer.wrap(buffer, 0, filled)));
        } catch (SpoolException e) {
            throw new SpoolFailure(e);
        }
        filled = 0;
    }

    PendingMessage finish() throws IOException, SpoolException {
        drain();
        return SpoolWait.on(writer.finish());
    }

    /** Gives the message up, unless it was finished. */
    @Override
    public void close() {
        writer.close();
    }
}
