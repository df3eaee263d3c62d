package org.relais.spool.james;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Predicate;
import javax.mail.MessagingException;
import org.apache.james.queue.api.MailQueue.MailQueueException;
import org.apache.james.queue.api.ManageableMailQueue.DefaultMailQueueItemView;
import org.apache.james.queue.api.ManageableMailQueue.MailQueueItemView;
import org.apache.james.queue.api.ManageableMailQueue.MailQueueIterator;
import org.apache.james.queue.api.ManageableMailQueue.Type;
import org.relais.spool.BrowseFilter;
import org.relais.spool.Changes;
import org.relais.spool.Claim;
import org.relais.spool.Disposition;
import org.relais.spool.Envelope;
import org.relais.spool.Page;
import org.relais.spool.Page.Entry.Item;
import org.relais.spool.Page.Status;
import org.relais.spool.Spool;
import org.relais.spool.SpoolException;
import org.relais.spool.Stage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What an administrator sees and does in one stage of a spool, in James's terms. What is being worked on is left alone,
 * and counted and shown all the same. Safe for use by many threads; an iterator is for one.
 */
final class QueueView {
    private static final Logger LOGGER = LoggerFactory.getLogger(QueueView.class);
    private static final Duration LEASE = Duration.ofMinutes(5);
    private static final int CHANGES_AT_ONCE = 1000;
    private static final int MOST_COUNTED = 10_000;

    private final Spool spool;
    private final Stage stage;
    private final QueueLayout layout;
    private final Disposition removal;

    /** @param removal how a mail leaves the spool that an administrator removes */
    QueueView(Spool spool, Stage stage, QueueLayout layout, Disposition removal) {
        this.spool = spool;
        this.stage = stage;
        this.layout = layout;
        this.removal = removal;
    }

    private QueueEntries entries(BrowseFilter filter) {
        return new QueueEntries(spool, layout, filter.withStage(stage));
    }

    long size() throws MailQueueException {
        if (layout.isWhole()) {
            return spool.status().envelopes();
        }
        try {
            long size = 0;
            QueueEntries entries = entries(BrowseFilter.ALL);
            while (entries.next().isPresent()) {
                size++;
            }
            return size;
        } catch (SpoolException e) {
            throw new MailQueueException("cannot count the mails", e);
        }
    }

    /** For a gauge: the mails while they are few, else all envelopes of the spool, which costs nothing to know. */
    long roughSize() {
        long envelopes = spool.status().envelopes();
        try {
            return envelopes <= MOST_COUNTED ? size() : envelopes;
        } catch (MailQueueException e) {
            return envelopes;
        }
    }

    MailQueueIterator browse() {
        QueueEntries entries = entries(BrowseFilter.ALL);
        return new MailQueueIterator() {
            private Optional<MailQueueItemView> next = Optional.empty();

            @Override
            public boolean hasNext() {
                if (next.isEmpty()) {
                    next = nextView(entries);
                }
                return next.isPresent();
            }

            @Override
            public MailQueueItemView next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                MailQueueItemView view = next.orElseThrow();
                next = Optional.empty();
                return view;
            }

            @Override
            public void close() {
                next = Optional.empty();
            }
        };
    }

    private Optional<MailQueueItemView> nextView(QueueEntries entries) {
        try {
            for (Optional<List<Item>> group = entries.next(); group.isPresent(); group = entries.next()) {
                Optional<MailQueueItemView> view = view(group.get());
                if (view.isPresent()) {
                    return view;
                }
            }
            return Optional.empty();
        } catch (SpoolException e) {
            throw new IllegalStateException("cannot read the spool", e);
        }
    }

    /** Empty if it left meanwhile, or cannot be shown. */
    private Optional<MailQueueItemView> view(List<Item> group) throws SpoolException {
        Envelope first = group.get(0).envelope();
        try {
            Optional<Instant> due = group.stream()
                    .filter(item -> item.status() == Status.WAITING)
                    .map(item -> item.envelope().details().nextAttempt())
                    .min(Instant::compareTo);
            return Optional.of(new DefaultMailQueueItemView(
                    layout.mail(envelopes(group), spool.content(first.message())),
                    due.map(instant -> instant.atZone(ZoneOffset.UTC))));
        } catch (SpoolException.NotFound e) {
            return Optional.empty();
        } catch (MessagingException | IllegalArgumentException e) {
            LOGGER.warn("the envelope {} cannot be shown as a mail", first.id(), e);
            return Optional.empty();
        }
    }

    private static List<Envelope> envelopes(List<Item> group) {
        return group.stream().map(Item::envelope).toList();
    }

    long clear() throws MailQueueException {
        return change(BrowseFilter.ALL, group -> true, this::remove);
    }

    /** Mails as a whole: also those envelopes of a mail that go to other recipients. */
    long remove(Type type, String value) throws MailQueueException {
        return switch (type) {
            case Sender ->
                change(BrowseFilter.ALL.withReversePath(value.equals("<>") ? "" : value), group -> true, this::remove);
            case Name ->
                change(BrowseFilter.ALL, group -> layout.name(group.get(0)).equals(value), this::remove);
            case Recipient ->
                change(
                        BrowseFilter.ALL,
                        group -> layout.recipients(group).stream().anyMatch(value::equalsIgnoreCase),
                        this::remove);
        };
    }

    private void remove(Changes changes, Claim claim) {
        changes.remove(claim, removal);
    }

    /** Makes due at once what waits. What is held stays held. */
    long flush() throws MailQueueException {
        Instant now = spool.now();
        return change(
                BrowseFilter.ALL.withHeld(false),
                group -> group.stream()
                        .anyMatch(envelope -> envelope.details().nextAttempt().isAfter(now)),
                (changes, claim) ->
                        changes.update(claim, claim.envelope().details().withNextAttempt(now)));
    }

    @FunctionalInterface
    private interface Change {
        void addTo(Changes changes, Claim claim);
    }

    /** Returns how many mails were changed. */
    private long change(BrowseFilter filter, Predicate<List<Envelope>> wanted, Change change)
            throws MailQueueException {
        long changed = 0;
        List<Claim> claims = new ArrayList<>();
        try {
            QueueEntries entries = entries(filter);
            for (Optional<List<Item>> group = entries.next(); group.isPresent(); group = entries.next()) {
                if (isWanted(wanted, envelopes(group.get()))) {
                    int before = claims.size();
                    for (Page.Entry.Item item : group.get()) {
                        spool.claim(item.envelope().id(), LEASE).ifPresent(claims::add);
                    }
                    changed += claims.size() > before ? 1 : 0;
                }
                if (claims.size() >= CHANGES_AT_ONCE) {
                    commit(claims, change);
                }
            }
            commit(claims, change);
            return changed;
        } catch (SpoolException e) {
            throw new MailQueueException("cannot change the spool", e);
        } finally {
            claims.forEach(spool::release);
        }
    }

    private static boolean isWanted(Predicate<List<Envelope>> wanted, List<Envelope> group) {
        try {
            return wanted.test(group);
        } catch (IllegalArgumentException e) {
            LOGGER.warn("the envelope {} cannot be read as a mail", group.get(0).id(), e);
            return false;
        }
    }

    private void commit(List<Claim> claims, Change change) throws SpoolException {
        if (!claims.isEmpty()) {
            Changes changes = new Changes();
            for (Claim claim : claims) {
                if (claim.envelope().isRemoved()) {
                    spool.release(claim);
                } else {
                    change.addTo(changes, claim);
                }
            }
            if (!changes.list().isEmpty()) {
                SpoolWait.commit(spool, changes);
            }
            claims.clear();
        }
    }
}
