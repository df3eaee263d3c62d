package org.relais.access.pop3;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The exclusive access to a maildrop that RFC 1939 §4 asks for. One instance serves all POP3 listeners of the process.
 * Safe for use by many threads.
 */
public final class MaildropLocks {

    private final Set<String> locked = ConcurrentHashMap.newKeySet();

    /** The lock, or nothing if another session has it. */
    public Optional<Lock> acquire(String maildrop) {
        return locked.add(maildrop) ? Optional.of(new Lock(maildrop)) : Optional.empty();
    }

    /** Held until it is closed, from whichever thread; closing again does nothing. */
    public final class Lock implements AutoCloseable {
        private final String maildrop;
        private final AtomicBoolean held = new AtomicBoolean(true);

        private Lock(String maildrop) {
            this.maildrop = maildrop;
        }

        @Override
        public void close() {
            if (held.compareAndSet(true, false)) {
                locked.remove(maildrop);
            }
        }
    }
}
