package org.relais.spool.james;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.james.lifecycle.api.Disposable;
import org.apache.james.server.core.MimeMessageSource;
import org.relais.spool.MessageContent;

/**
 * The bytes of one message, read by several mails and released when the last of them lets go.
 *
 * <p>The bytes never change. Leases may be given back by any thread, each any number of times.
 */
final class SharedContent {
    private final MessageContent content;
    private final Runnable release;
    private final AtomicInteger leases = new AtomicInteger();

    /** {@code release} runs once, after the last lease. */
    SharedContent(MessageContent content, Runnable release) {
        this.content = content;
        this.release = release;
    }

    Lease lease() {
        leases.incrementAndGet();
        return new Lease();
    }

    /** One reader's hold on the content. */
    final class Lease implements MimeMessageSource, Disposable {
        private final AtomicBoolean isReturned = new AtomicBoolean();

        private Lease() {}

        /** Another one, for another reader. */
        Lease another() {
            return lease();
        }

        MessageContent content() {
            return content;
        }

        @Override
        public String getSourceId() {
            return "spool-" + Integer.toHexString(System.identityHashCode(content));
        }

        @Override
        public InputStream getInputStream() throws IOException {
            if (isReturned.get()) {
                throw new IOException("the mail's content was released");
            }
            return content.open();
        }

        @Override
        public long getMessageSize() {
            return content.size();
        }

        @Override
        public void dispose() {
            if (isReturned.compareAndSet(false, true) && leases.decrementAndGet() == 0) {
                release.run();
            }
        }
    }
}
