package org.relais.chain.james;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.james.lifecycle.api.Disposable;
import org.apache.james.server.core.MimeMessageSource;

/**
 * The bytes of one message, read by several mails and released when the last of them lets go.
 *
 * <p>The bytes never change. Leases may be given back by any thread, each any number of times.
 */
final class SharedContent {
    private final MimeMessageSource origin;
    private final Runnable release;
    private final AtomicInteger leases = new AtomicInteger();

    /** {@code release} runs once, after the last lease. */
    SharedContent(MimeMessageSource origin, Runnable release) {
        this.origin = origin;
        this.release = release;
    }

    Lease lease() {
        leases.incrementAndGet();
        return new Lease();
    }

    /** One reader's hold on the content. */
    final class Lease implements MimeMessageSource, Disposable {
        private final AtomicBoolean returned = new AtomicBoolean();

        private Lease() {}

        SharedContent content() {
            return SharedContent.this;
        }

        @Override
        public String getSourceId() {
            return origin.getSourceId();
        }

        @Override
        public InputStream getInputStream() throws IOException {
            if (returned.get()) {
                throw new IOException("the mail's content was released");
            }
            return origin.getInputStream();
        }

        @Override
        public long getMessageSize() throws IOException {
            return origin.getMessageSize();
        }

        @Override
        public void dispose() {
            if (returned.compareAndSet(false, true) && leases.decrementAndGet() == 0) {
                release.run();
            }
        }
    }
}
