package org.relais.spool.engine;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.relais.spool.Envelope;

/**
 * The newest envelopes and messages in memory, because most mail is read once, soon after it came. What exceeds the
 * bounds goes in the order in which it came. Not safe for use by several threads: the engine's lock guards it.
 */
final class RecentMail {
    private static final int MOST_ENVELOPES = 10_000;
    private static final int MOST_STATE = 4096;

    private final long mostBytes;
    private final Map<Long, Envelope> envelopes = new LinkedHashMap<>();
    private final Map<Long, byte[]> messages = new LinkedHashMap<>();
    private long bytes;

    RecentMail(long mostBytes) {
        this.mostBytes = mostBytes;
    }

    void put(Envelope envelope) {
        if (envelope.details().state().size() > MOST_STATE) {
            envelopes.remove(envelope.id().value());
            return;
        }
        envelopes.put(envelope.id().value(), envelope);
        if (envelopes.size() > MOST_ENVELOPES) {
            envelopes.remove(envelopes.keySet().iterator().next());
        }
    }

    void putMessage(long id, byte[] content) {
        removeMessage(id);
        messages.put(id, content);
        bytes += content.length;
        while (bytes > mostBytes) {
            removeMessage(messages.keySet().iterator().next());
        }
    }

    Optional<Envelope> envelope(long id) {
        return Optional.ofNullable(envelopes.get(id));
    }

    Optional<byte[]> message(long id) {
        return Optional.ofNullable(messages.get(id));
    }

    void removeEnvelope(long id) {
        envelopes.remove(id);
    }

    void removeMessage(long id) {
        byte[] content = messages.remove(id);
        if (content != null) {
            bytes -= content.length;
        }
    }
}
