package org.relais.spool;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * One atomic step: after a crash either all of it is there or nothing. For use by one thread, once.
 *
 * <p>A step that creates something is durable when it completes. A step that only updates and removes can be
 * {@linkplain #relaxed() relaxed}: it survives the end of the process at once, and the end of the machine a moment
 * later; what is lost then is repeated, never missed.
 */
public final class Changes {
    private final List<Change> list = new ArrayList<>();
    private final Set<EnvelopeId> claims = new HashSet<>();
    private boolean relaxed;
    private boolean creates;

    /** One part of a step. */
    public sealed interface Change {
        /** A new message with new envelopes, and envelopes that exist and now get these bytes. */
        record Create(PendingMessage message, List<NewEnvelope> envelopes, List<Update> moved) implements Change {
            public Create {
                envelopes = List.copyOf(envelopes);
                moved = List.copyOf(moved);
                if (envelopes.isEmpty() && moved.isEmpty()) {
                    throw new IllegalArgumentException("a message needs at least one envelope");
                }
            }
        }

        /** New envelopes for the message of an envelope that the caller holds: no byte is copied. */
        record Share(Claim holder, List<NewEnvelope> envelopes) implements Change {
            public Share {
                envelopes = List.copyOf(envelopes);
            }
        }

        /** New details. The claim ends, or goes on if {@code keep}. */
        record Update(Claim claim, EnvelopeDetails details, boolean keep) implements Change {}

        /**
         * The envelope leaves the spool. {@link Disposition#REMOVED} keeps it restorable for the retention time; said
         * of a removed one, it ends that time.
         */
        record Remove(Claim claim, Disposition disposition) implements Change {}

        /** Brings back what was removed. */
        record Restore(Claim claim, EnvelopeDetails details) implements Change {}
    }

    /** A mail: its bytes and its envelopes. */
    public static Changes append(PendingMessage message, List<NewEnvelope> envelopes) {
        return new Changes().create(message, envelopes);
    }

    public Changes create(PendingMessage message, List<NewEnvelope> envelopes) {
        return add(new Change.Create(message, envelopes, List.of()), true);
    }

    /** Gives envelopes that exist other bytes; new envelopes may come with them. */
    public Changes rewrite(PendingMessage message, List<Change.Update> moved, List<NewEnvelope> envelopes) {
        moved.forEach(update -> end(update.claim(), false));
        return add(new Change.Create(message, envelopes, moved), true);
    }

    public Changes share(Claim holder, List<NewEnvelope> envelopes) {
        return add(new Change.Share(holder, envelopes), true);
    }

    public Changes update(Claim claim, EnvelopeDetails details) {
        end(claim, false);
        return add(new Change.Update(claim, details, false), false);
    }

    /** As {@link #update}, but the claim goes on: the receipt has it with the new details. */
    public Changes updateAndKeep(Claim claim, EnvelopeDetails details) {
        end(claim, false);
        return add(new Change.Update(claim, details, true), false);
    }

    public Changes remove(Claim claim, Disposition disposition) {
        end(claim, disposition == Disposition.REMOVED && claim.envelope().isRemoved());
        return add(new Change.Remove(claim, disposition), false);
    }

    public Changes restore(Claim claim, EnvelopeDetails details) {
        end(claim, true);
        return add(new Change.Restore(claim, details), false);
    }

    /** Does not wait for the disk, unless something is created. */
    public Changes relaxed() {
        relaxed = true;
        return this;
    }

    public boolean isDurable() {
        return creates || !relaxed;
    }

    public boolean creates() {
        return creates;
    }

    public List<Change> list() {
        return Collections.unmodifiableList(list);
    }

    /** A claim stands for one change of a step, and what was removed can only be restored or removed for good. */
    private void end(Claim claim, boolean ofRemoved) {
        if (claim.envelope().isRemoved() != ofRemoved) {
            throw new IllegalArgumentException(
                    claim.id() + (ofRemoved ? " was not removed" : " was removed: restore it first"));
        }
        if (!claims.add(claim.id())) {
            throw new IllegalArgumentException(claim.id() + " is changed twice in one step");
        }
    }

    private Changes add(Change change, boolean creating) {
        list.add(change);
        creates |= creating;
        return this;
    }
}
