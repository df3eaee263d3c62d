package org.relais.spool.index;

import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;
import org.relais.spool.BrowseFilter;

/** Rules out what cannot match a filter, by what the index knows. */
final class SlotFilter implements IntPredicate {
    private final EnvelopeTable envelopes;
    private final BrowseFilter filter;
    private final @Nullable Integer queueHash;
    private final @Nullable Integer reverseHash;
    private final @Nullable Integer domainHash;
    private final long createdFrom;
    private final long createdBefore;

    SlotFilter(EnvelopeTable envelopes, BrowseFilter filter) {
        this.envelopes = envelopes;
        this.filter = filter;
        this.queueHash =
                filter.queueId() == null ? null : filter.queueId().value().hashCode();
        this.reverseHash = hash(filter.reversePath());
        String path = filter.forwardPath();
        this.domainHash = hash(path == null ? filter.forwardDomain() : path.substring(path.lastIndexOf('@') + 1));
        this.createdFrom = filter.createdFrom() == null
                ? Long.MIN_VALUE
                : filter.createdFrom().getEpochSecond();
        this.createdBefore = filter.createdBefore() == null
                ? Long.MAX_VALUE
                : filter.createdBefore().getEpochSecond();
    }

    private static @Nullable Integer hash(@Nullable String text) {
        return text == null ? null : EnvelopeEntry.foldedHash(text);
    }

    @Override
    public boolean test(int slot) {
        return envelopes.isUsed(slot)
                && envelopes.has(slot, EnvelopeEntry.REMOVED) == filter.removed()
                && (filter.stage() == null || filter.stage().ordinal() == envelopes.stage(slot))
                && (filter.held() == null || filter.held() == envelopes.has(slot, EnvelopeEntry.HELD))
                && envelopes.created(slot) >= createdFrom
                && envelopes.created(slot) <= createdBefore
                && (queueHash == null || queueHash == envelopes.queueHash(slot))
                && (reverseHash == null || reverseHash == envelopes.reverseHash(slot))
                && (domainHash == null || domainHash == envelopes.domainHash(slot));
    }
}
