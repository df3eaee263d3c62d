package org.relais.spool.james;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import javax.mail.internet.SharedInputStream;
import javax.mail.util.SharedByteArrayInputStream;
import org.jspecify.annotations.Nullable;
import org.relais.spool.MessageContent;

/**
 * A part of a message that JavaMail divides further without copying it: a large mail that is looked into stays on disk.
 * Opened when it is first read. For one thread; the streams made from it are independent.
 */
final class ContentStream extends BufferedInputStream implements SharedInputStream {
    private static final int BUFFER = 8192;

    private final Slice slice;

    private ContentStream(Slice slice) {
        super(slice, BUFFER);
        this.slice = slice;
    }

    /** What stands in {@code content} from {@code start} on. */
    static InputStream of(MessageContent content, long start) {
        byte[] bytes = content.inMemory().orElse(null);
        if (bytes != null) {
            return new SharedByteArrayInputStream(bytes, (int) start, (int) (bytes.length - start));
        }
        return new ContentStream(new Slice(content, start, content.size()));
    }

    @Override
    public synchronized long getPosition() {
        return slice.passed - (count - pos);
    }

    @Override
    public InputStream newStream(long start, long end) {
        long last = end < 0 ? slice.end : Math.min(slice.end, slice.start + end);
        return new ContentStream(new Slice(slice.content, slice.start + start, last));
    }

    /** Octets {@code start} to {@code end} of a content, the latter excluded. */
    private static final class Slice extends InputStream {
        private final MessageContent content;
        private final long start;
        private final long end;
        private long passed;
        private @Nullable InputStream in;
        private boolean isClosed;

        Slice(MessageContent content, long start, long end) {
            this.content = content;
            this.start = start;
            this.end = end;
        }

        private InputStream opened() throws IOException {
            if (isClosed) {
                throw new IOException("the stream is closed");
            }
            if (in == null) {
                InputStream opened = content.open();
                try {
                    opened.skipNBytes(start);
                } catch (IOException e) {
                    opened.close();
                    throw e;
                }
                in = opened;
            }
            return in;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] bytes, int from, int length) throws IOException {
            long left = end - start - passed;
            if (left <= 0) {
                return -1;
            }
            int count = opened().read(bytes, from, (int) Math.min(length, left));
            passed += Math.max(0, count);
            if (in != null && passed == end - start) {
                in.close(); // JavaMail closes few of its streams, and each is an open file
            }
            return count;
        }

        @Override
        public int available() throws IOException {
            long left = end - start - passed;
            return in == null || left <= 0 ? 0 : (int) Math.min(in.available(), left);
        }

        @Override
        public void close() throws IOException {
            isClosed = true;
            if (in != null) {
                in.close();
            }
        }
    }
}
