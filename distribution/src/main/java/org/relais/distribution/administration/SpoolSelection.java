package org.relais.distribution.administration;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.relais.administration.port.QueueSelection;
import org.relais.model.QueueId;
import org.relais.spool.BrowseFilter;
import org.relais.spool.EnvelopeId;
import org.relais.spool.Page;
import org.relais.spool.Spool;
import org.relais.spool.SpoolException;
import org.relais.spool.Stage;

/** Finds the envelopes that an operator means, a page at a time. For one request. */
final class SpoolSelection {
    /** The spool's times are in milliseconds. */
    private static final Duration TICK = Duration.ofMillis(1);

    private final Spool spool;
    private final QueueSelection selection;
    private final Instant asOf;

    SpoolSelection(Spool spool, QueueSelection selection) {
        this.spool = spool;
        this.selection = selection;
        Instant given = selection.asOf();
        this.asOf = given == null ? spool.now() : given;
    }

    /** @param next behind which envelope the next page begins; null: this was the last */
    record Found(List<Page.Entry.Item> items, @Nullable Long next) {}

    Instant asOf() {
        return asOf;
    }

    Found page(long after, int limit) throws SpoolException {
        if (selection.ids().isEmpty()) {
            return browse(filter(), after, limit);
        }
        List<Page.Entry.Item> items = new ArrayList<>();
        boolean isMore = false;
        for (String id : selection.ids()) {
            Found found = browse(filter().withQueueId(new QueueId(id)), after, limit);
            items.addAll(found.items());
            isMore |= found.next() != null;
        }
        items.sort(Comparator.comparing(item -> item.envelope().id()));
        isMore |= items.size() > limit;
        List<Page.Entry.Item> first = items.subList(0, Math.min(limit, items.size()));
        Long next = isMore && !first.isEmpty()
                ? (Long) first.get(first.size() - 1).envelope().id().value()
                : null;
        return new Found(List.copyOf(first), next);
    }

    private Found browse(BrowseFilter filter, long after, int limit) throws SpoolException {
        Optional<EnvelopeId> behind = after == 0 ? Optional.empty() : Optional.of(new EnvelopeId(after));
        Page page = spool.browse(filter, behind, limit);
        List<Page.Entry.Item> items = new ArrayList<>();
        for (Page.Entry entry : page.entries()) {
            if (entry instanceof Page.Entry.Item item) {
                items.add(item);
            }
        }
        return new Found(items, page.next().map(EnvelopeId::value).orElse(null));
    }

    /** Whether there is an envelope of that mail, removed or not, whatever else is asked. */
    boolean isKnown(String queueId) throws SpoolException {
        BrowseFilter any = BrowseFilter.ALL.withQueueId(new QueueId(queueId));
        return !browse(any, 0, 1).items().isEmpty()
                || !browse(any.onlyRemoved(), 0, 1).items().isEmpty();
    }

    private BrowseFilter filter() {
        Duration older = selection.older();
        Duration newer = selection.newer();
        Instant before = (older == null ? asOf : asOf.minus(older)).plus(TICK);
        BrowseFilter filter = BrowseFilter.ALL.withCreated(newer == null ? null : asOf.minus(newer), before);
        QueueSelection.Stage stage = selection.stage();
        if (stage != null) {
            filter = filter.withStage(stage == QueueSelection.Stage.CHAIN ? Stage.CHAIN : Stage.DELIVERY);
        }
        String sender = selection.sender();
        filter = sender == null ? filter : filter.withReversePath(sender);
        String recipient = selection.recipient();
        filter = recipient == null ? filter : filter.withForwardPath(recipient);
        String destination = selection.destination();
        filter = destination == null ? filter : filter.withForwardDomain(destination);
        String reason = selection.reason();
        filter = reason == null ? filter : filter.withReason(reason);
        filter = selection.isHeld() ? filter.withHeld(true) : filter;
        return selection.isRemoved() ? filter.onlyRemoved() : filter;
    }
}
