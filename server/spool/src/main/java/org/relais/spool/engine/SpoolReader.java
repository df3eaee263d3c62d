package org.relais.spool.engine;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.relais.model.QueueId;
import org.relais.spool.DamagedRecord;
import org.relais.spool.Envelope;
import org.relais.spool.EnvelopeId;
import org.relais.spool.MessageContent;
import org.relais.spool.MessageId;
import org.relais.spool.SpoolException;
import org.relais.spool.index.EnvelopeEntry;
import org.relais.spool.index.MessageEntry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads envelopes and messages: from memory if they are recent, else from disk, verified. Safe for many threads. */
final class SpoolReader {
    /** A record can be moved between the look at the index and the read: then the index is asked again. */
    private static final int TRIES = 10;

    private static final int MOST_OTHERS = 10;
    private static final Logger LOGGER = LoggerFactory.getLogger(SpoolReader.class);

    private final SpoolState state;
    private final RecordStore store;
    private final LargeMessages files;

    SpoolReader(SpoolState state, RecordStore store, LargeMessages files) {
        this.state = state;
        this.store = store;
        this.files = files;
    }

    /** That envelope; a damaged one is set aside. */
    Optional<Envelope> envelope(long id) throws SpoolException {
        for (int attempt = 0; attempt < TRIES; attempt++) {
            EnvelopeEntry entry;
            state.lock().lock();
            try {
                Optional<Envelope> recent = state.recent().envelope(id);
                Optional<EnvelopeEntry> known = state.index().envelope(id);
                if (recent.isPresent() || known.isEmpty()) {
                    return recent;
                }
                entry = known.get();
            } finally {
                state.lock().unlock();
            }
            try {
                Optional<byte[]> body = store.read(Record.ENVELOPE, id, entry.location(), entry.length());
                if (body.isPresent()) {
                    return Optional.of(decode(id, body.get()));
                }
            } catch (SpoolException.Damaged e) {
                SpoolException.Damaged named = named(id, e);
                if (setAside(id, entry.location())) {
                    state.damaged(named.damage());
                    throw named;
                }
            }
        }
        throw vanished("envelope " + new EnvelopeId(id));
    }

    private static Envelope decode(long id, byte[] body) throws SpoolException.Damaged {
        try {
            return EnvelopeCodec.decode(id, body);
        } catch (IllegalArgumentException e) {
            // Its checksum is right: written by a fault or by a newer version. No reason to stop for the others.
            throw new SpoolException.Damaged(
                    new DamagedRecord("log", 0, "envelope " + id + " makes no sense: " + e.getMessage()));
        }
    }

    private SpoolException.Damaged named(long id, SpoolException.Damaged e) {
        return new SpoolException.Damaged(e.damage().withEnvelope(new EnvelopeId(id), queueId(id, e.damage())));
    }

    /** False if a newer record took the damaged one's place meanwhile: then the envelope is as good as ever. */
    private boolean setAside(long id, long location) {
        state.lock().lock();
        try {
            boolean isThere = state.index().isEnvelopeAt(id, location);
            if (isThere) {
                state.index().setAside(id);
            }
            return isThere;
        } finally {
            state.lock().unlock();
        }
    }

    /** Looks for the queue ids that damages do not tell, in what can be read. */
    void nameDamages() {
        for (DamagedRecord damage : state.damages()) {
            EnvelopeId id = damage.envelope();
            if (id != null && damage.queueId() == null) {
                state.known(damage.withEnvelope(id, queueId(id.value(), damage)));
            }
        }
    }

    /** What its damaged record says if the index agrees; else that of another envelope of the same mail. */
    private @Nullable QueueId queueId(long id, DamagedRecord damage) {
        Optional<EnvelopeEntry> entry;
        List<Long> others;
        state.lock().lock();
        try {
            entry = state.index().envelope(id);
            others = state.index().ofSameMail(id, MOST_OTHERS);
        } finally {
            state.lock().unlock();
        }
        QueueId told = damage.queueId();
        if (told != null
                && (entry.isEmpty() || entry.get().queueHash() == told.value().hashCode())) {
            return told;
        }
        for (long other : others) {
            Optional<QueueId> queueId = tryQueueId(other);
            if (queueId.isPresent()) {
                return queueId.get();
            }
        }
        return null;
    }

    private Optional<QueueId> tryQueueId(long id) {
        try {
            Optional<EnvelopeEntry> entry;
            state.lock().lock();
            try {
                entry = state.index().envelope(id);
            } finally {
                state.lock().unlock();
            }
            return entry.isEmpty()
                    ? Optional.empty()
                    : store.read(
                                    Record.ENVELOPE,
                                    id,
                                    entry.get().location(),
                                    entry.get().length())
                            .map(body -> EnvelopeCodec.decode(id, body).queueId());
        } catch (SpoolException | IllegalArgumentException e) {
            LOGGER.debug("envelope {} does not tell its queue id either", id, e);
            return Optional.empty();
        }
    }

    MessageContent content(MessageId id) throws SpoolException {
        try {
            for (int attempt = 0; attempt < TRIES; attempt++) {
                MessageEntry entry;
                Optional<byte[]> body;
                state.lock().lock();
                try {
                    entry = state.index()
                            .message(id.value())
                            .orElseThrow(() -> new SpoolException.NotFound("no message " + id));
                    body = state.recent().message(id.value());
                } finally {
                    state.lock().unlock();
                }
                if (entry.location() == 0) {
                    throw new SpoolException.Damaged(
                            new DamagedRecord("(no file)", 0, "message " + id.value() + " is missing"));
                } else if (entry.isLarge()) {
                    return new FileContent(files, entry.id(), entry.size());
                }
                if (body.isEmpty()) {
                    body = store.read(Record.MESSAGE, entry.id(), entry.location(), entry.length());
                }
                if (body.isPresent()) {
                    return new SmallContent(body.get());
                }
            }
        } catch (SpoolException.Damaged e) {
            state.damaged(e.damage());
            throw e;
        }
        throw vanished("message " + id);
    }

    private static IllegalStateException vanished(String what) {
        return new IllegalStateException(what + " is moved faster than it can be read: a fault of the spool");
    }

    private record SmallContent(
            @SuppressWarnings("ArrayRecordComponent") byte[] content) implements MessageContent {
        @Override
        public long size() {
            return content.length;
        }

        @Override
        public InputStream open() {
            return new ByteArrayInputStream(content);
        }

        @Override
        public Optional<byte[]> inMemory() {
            return Optional.of(content);
        }
    }
}
