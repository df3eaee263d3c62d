package org.relais.spool.index;

import org.relais.spool.Envelope;
import org.relais.spool.EnvelopeDetails;

/**
 * What is known of an envelope without reading it.
 *
 * @param location where its record is, in the store's terms
 * @param length bytes of its record's body
 * @param due milliseconds since 1970: its next attempt, or its removal if it is removed
 * @param created seconds since 1970
 * @param flags of {@link #STAGE}, {@link #HELD}, {@link #REMOVED}
 */
public record EnvelopeEntry(
        long id,
        long message,
        long location,
        int length,
        long due,
        int created,
        int queueHash,
        int reverseHash,
        int domainHash,
        byte priority,
        byte flags) {
    static final int STAGE = 1;
    static final int HELD = 2;
    static final int REMOVED = 4;

    public static EnvelopeEntry of(Envelope envelope, long location, int length) {
        EnvelopeDetails details = envelope.details();
        var removed = envelope.removed();
        int flags = details.stage().ordinal() | (details.held() ? HELD : 0) | (removed == null ? 0 : REMOVED);
        return new EnvelopeEntry(
                envelope.id().value(),
                envelope.message().value(),
                location,
                length,
                removed == null ? details.nextAttempt().toEpochMilli() : removed.toEpochMilli(),
                (int) envelope.created().getEpochSecond(),
                details.queueId().value().hashCode(),
                foldedHash(details.reversePath()),
                foldedHash(details.forwardDomain()),
                (byte) details.priority(),
                (byte) flags);
    }

    boolean isRemoved() {
        return (flags & REMOVED) != 0;
    }

    /** Equal for texts that are equal without regard to case, in the sense of {@link String#equalsIgnoreCase}. */
    static int foldedHash(String text) {
        int hash = 0;
        for (int i = 0; i < text.length(); i++) {
            hash = 31 * hash + Character.toLowerCase(Character.toUpperCase(text.charAt(i)));
        }
        return hash;
    }
}
