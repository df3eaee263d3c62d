package org.relais.spool.engine;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.function.LongSupplier;
import org.relais.spool.Changes.Change;
import org.relais.spool.Claim;
import org.relais.spool.Disposition;
import org.relais.spool.Envelope;
import org.relais.spool.EnvelopeDetails;
import org.relais.spool.EnvelopeId;
import org.relais.spool.MessageId;
import org.relais.spool.NewEnvelope;
import org.relais.spool.PendingMessage;

/** Turns changes into records. The claims were checked before. For one step, on the submitter's thread. */
final class StepBuilder {
    private final Step step;
    private final Instant now;
    private final LongSupplier ids;

    StepBuilder(Step step, Instant now, LongSupplier ids) {
        this.step = step;
        this.now = now;
        this.ids = ids;
    }

    void add(Change change) {
        if (change instanceof Change.Create create) {
            MessageId message = message(create.message());
            create(create.envelopes(), message);
            create.moved().forEach(update -> update(update, message));
        } else if (change instanceof Change.Share share) {
            create(share.envelopes(), share.holder().envelope().message());
        } else if (change instanceof Change.Update update) {
            update(update, update.claim().envelope().message());
        } else if (change instanceof Change.Remove remove) {
            remove(remove.claim().envelope(), remove.disposition());
        } else if (change instanceof Change.Restore restore) {
            put(restore.claim().envelope().withRemoved(null).with(settled(restore.details())), Record.RESTORED);
        }
    }

    private MessageId message(PendingMessage message) {
        if (message instanceof SpilledMessage spilled) {
            byte[] size = ByteBuffer.allocate(8).putLong(spilled.size()).array();
            step.spilled().add(spilled);
            step.add(new Record(Record.LARGE_MESSAGE, 0, spilled.id(), size));
            return new MessageId(spilled.id());
        } else if (message instanceof PendingMessage.InMemory inMemory) {
            long id = ids.getAsLong();
            step.add(new Record(Record.MESSAGE, 0, id, inMemory.bytes()));
            return new MessageId(id);
        }
        throw new IllegalArgumentException("a message of another spool: " + message.getClass());
    }

    private void create(List<NewEnvelope> envelopes, MessageId message) {
        for (NewEnvelope envelope : envelopes) {
            EnvelopeId id = new EnvelopeId(ids.getAsLong());
            put(new Envelope(id, message, envelope.origin(), now, null, settled(envelope.details())), Record.CAME);
            step.created().add(id);
        }
    }

    private void update(Change.Update update, MessageId message) {
        Claim claim = update.claim();
        Envelope envelope = claim.envelope().withMessage(message).with(settled(update.details()));
        put(envelope, 0);
        if (update.keep()) {
            step.kept().add(new Claim(envelope, claim.token(), claim.until()));
        }
    }

    private void remove(Envelope envelope, Disposition disposition) {
        if (disposition == Disposition.REMOVED && !envelope.isRemoved()) {
            put(envelope.withRemoved(now), Record.REMOVED);
            return;
        }
        int flags = envelope.isRemoved() ? Record.PURGED : 0;
        step.add(new Record(Record.EXIT, flags, envelope.id().value(), EnvelopeCodec.encodeExit(disposition, now)));
    }

    private void put(Envelope envelope, int flags) {
        byte[] body = EnvelopeCodec.encode(envelope, now);
        step.add(new Record(Record.ENVELOPE, flags, envelope.id().value(), body, envelope));
    }

    /** Times are kept in milliseconds, and what is past counts as now, so that it takes its place in the row. */
    private EnvelopeDetails settled(EnvelopeDetails details) {
        Instant next = details.nextAttempt().isBefore(now)
                ? now
                : Instant.ofEpochMilli(details.nextAttempt().toEpochMilli());
        return next.equals(details.nextAttempt()) ? details : details.withNextAttempt(next);
    }
}
