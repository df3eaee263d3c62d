package org.relais.spool;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One page of a browse, oldest envelope first. A page may be short, even empty, and still have a next one, because a
 * browse looks at a bounded number of envelopes at a time.
 *
 * @param last where the next page begins behind; {@code null} if this page was the last
 */
public record Page(List<Entry> entries, @Nullable EnvelopeId last) {
    public Page {
        entries = List.copyOf(entries);
    }

    public Optional<EnvelopeId> next() {
        return Optional.ofNullable(last);
    }

    /** An envelope, or what is left of one. */
    public sealed interface Entry {
        record Item(Envelope envelope, Status status) implements Entry {}

        record Corrupt(DamagedRecord damage) implements Entry {}
    }

    /** What an envelope is doing. */
    public enum Status {
        /** Its next attempt is still to come. */
        WAITING,
        DUE,
        /** Somebody has a claim on it. */
        CLAIMED,
        HELD,
        REMOVED
    }
}
