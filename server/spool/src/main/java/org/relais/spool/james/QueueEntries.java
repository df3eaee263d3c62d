package org.relais.spool.james;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.relais.spool.BrowseFilter;
import org.relais.spool.EnvelopeId;
import org.relais.spool.MessageId;
import org.relais.spool.Page;
import org.relais.spool.Spool;
import org.relais.spool.SpoolException;

/**
 * The mails of a stage, oldest first, read page by page: each as the envelopes that belong together. Within a page of
 * {@value #PAGE} envelopes those of higher priority come first; a long queue is not sorted as a whole, for that would
 * read it several times. What is damaged is passed over; the spool reports it. For one thread.
 */
final class QueueEntries {
    private static final int PAGE = 1000;
    /** Envelopes of one message that are gathered over several pages, at most. */
    private static final int MOST_CARRIED = 10 * PAGE;

    private final Spool spool;
    private final QueueLayout layout;
    private final BrowseFilter filter;
    private final Deque<List<Page.Entry.Item>> groups = new ArrayDeque<>();
    private List<Page.Entry.Item> carried = List.of();
    private Optional<EnvelopeId> after = Optional.empty();
    private boolean isLast;

    QueueEntries(Spool spool, QueueLayout layout, BrowseFilter filter) {
        this.spool = spool;
        this.layout = layout;
        this.filter = filter;
    }

    /** Empty at the end. */
    Optional<List<Page.Entry.Item>> next() throws SpoolException {
        while (groups.isEmpty() && !isLast) {
            read();
        }
        return Optional.ofNullable(groups.poll());
    }

    private void read() throws SpoolException {
        Page page = spool.browse(filter, after, PAGE);
        after = page.next();
        isLast = after.isEmpty();
        List<Page.Entry.Item> items = new ArrayList<>(carried);
        for (Page.Entry entry : page.entries()) {
            if (entry instanceof Page.Entry.Item item) {
                items.add(item);
            }
        }
        carried = isLast || items.size() > MOST_CARRIED ? List.of() : ofLastMessage(items);
        List<Page.Entry.Item> complete = items.subList(0, items.size() - carried.size());
        List<List<Page.Entry.Item>> mails = new ArrayList<>(layout.grouped(complete, Page.Entry.Item::envelope));
        mails.sort(Comparator.comparingInt(QueueEntries::priority).reversed());
        groups.addAll(mails);
    }

    private static int priority(List<Page.Entry.Item> group) {
        return group.get(0).envelope().details().priority();
    }

    /** The tail that belongs to the last message: its other envelopes may stand on the next page. */
    private static List<Page.Entry.Item> ofLastMessage(List<Page.Entry.Item> items) {
        int start = items.size();
        if (start > 0) {
            MessageId last = items.get(start - 1).envelope().message();
            while (start > 0 && items.get(start - 1).envelope().message().equals(last)) {
                start--;
            }
        }
        return List.copyOf(items.subList(start, items.size()));
    }
}
