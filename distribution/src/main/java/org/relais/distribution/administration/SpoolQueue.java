package org.relais.distribution.administration;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.relais.administration.port.QueueAction;
import org.relais.administration.port.QueueAdministration;
import org.relais.administration.port.QueueDamage;
import org.relais.administration.port.QueueSelection;
import org.relais.administration.port.QueueStatistics;
import org.relais.administration.port.QueuedMail;
import org.relais.administration.port.Refusal;
import org.relais.spool.DamagedRecord;
import org.relais.spool.Page;
import org.relais.spool.QueueActions;
import org.relais.spool.QueueActions.Result;
import org.relais.spool.Spool;
import org.relais.spool.SpoolException;

/** The administration's view of the spool. Safe for use by many threads. */
public final class SpoolQueue implements QueueAdministration {
    /** Within the minute that the administration gives a request. */
    private static final Duration DEADLINE = Duration.ofSeconds(45);

    private final Spool spool;
    private final QueueActions actions;
    private final QueuedMails mails;
    private final Duration retention;

    /** @param retention how long the spool keeps what was removed */
    public SpoolQueue(Spool spool, Duration retention) {
        this.spool = spool;
        this.actions = new QueueActions(spool);
        this.mails = new QueuedMails(spool);
        this.retention = retention;
    }

    @Override
    public QueuePage list(QueueSelection selection, long after, int limit) throws Refusal {
        SpoolSelection wanted = new SpoolSelection(spool, selection);
        try {
            SpoolSelection.Found found = wanted.page(after, limit);
            return new QueuePage(
                    found.items().stream().map(mails::envelope).toList(),
                    after == 0 ? damages(selection) : List.of(),
                    found.next(),
                    wanted.asOf());
        } catch (SpoolException e) {
            throw refusal(e);
        }
    }

    /** Damage belongs to whoever looks at everything, or at the mail that it hit. */
    private List<QueueDamage> damages(QueueSelection selection) {
        boolean isAll = selection.withIds(List.of()).equals(QueueSelection.ALL);
        return spool.damages().stream()
                .map(SpoolQueue::view)
                .filter(damage ->
                        isAll && (selection.ids().isEmpty() || selection.ids().contains(damage.queueId())))
                .limit(QueueStatistics.MOST_DAMAGES)
                .toList();
    }

    static QueueDamage view(DamagedRecord damage) {
        var queueId = damage.queueId();
        return new QueueDamage(damage.file(), damage.offset(), damage.what(), queueId == null ? null : queueId.value());
    }

    @Override
    public QueuedMail show(String queueId) throws Refusal {
        try {
            return mails.show(queueId);
        } catch (SpoolException e) {
            throw refusal(e);
        }
    }

    @Override
    public Content content(String queueId, long message) throws Refusal {
        try {
            return mails.content(queueId, message);
        } catch (SpoolException e) {
            throw refusal(e);
        }
    }

    @Override
    public QueueOutcome act(QueueAction action, QueueSelection selection, long after, int limit) throws Refusal {
        SpoolSelection wanted = new SpoolSelection(spool, selection.withRemoved(action == QueueAction.RESTORE));
        try {
            SpoolSelection.Found found = wanted.page(after, limit);
            Tally tally = new Tally();
            List<CompletionStage<Result>> results = new ArrayList<>();
            for (Page.Entry.Item item : found.items()) {
                results.add(start(action, item));
            }
            for (CompletionStage<Result> result : results) {
                tally.add(await(result));
            }
            if (after == 0) {
                lookForOthers(found, selection, wanted, tally);
            }
            Instant until = action == QueueAction.REMOVE ? spool.now().plus(retention) : null;
            return new QueueOutcome(
                    tally.done, tally.unchanged, tally.busy, tally.missing, found.next(), wanted.asOf(), until);
        } catch (SpoolException e) {
            throw refusal(e);
        }
    }

    /** Mails that were named and of which no envelope is in the page: behind it, as they should be, or unknown. */
    private static void lookForOthers(
            SpoolSelection.Found found, QueueSelection selection, SpoolSelection wanted, Tally tally)
            throws SpoolException {
        for (String id : selection.ids()) {
            boolean isInPage = found.items().stream()
                    .anyMatch(item -> item.envelope().queueId().value().equals(id));
            if (!isInPage && !wanted.isKnown(id)) {
                tally.missing.add(id);
            } else if (!isInPage && found.next() == null) {
                tally.unchanged++;
            }
        }
    }

    private CompletionStage<Result> start(QueueAction action, Page.Entry.Item item) {
        var id = item.envelope().id();
        return switch (action) {
            case RETRY -> actions.retry(id);
            case HOLD -> actions.hold(id);
            case RELEASE -> actions.release(id);
            case REMOVE -> actions.remove(id);
            case RESTORE -> actions.restore(id);
        };
    }

    @Override
    public void holdAll(boolean hold) throws Refusal {
        try {
            await(spool.holdAll(hold));
        } catch (SpoolException e) {
            throw refusal(e);
        }
    }

    @Override
    public QueueStatistics statistics(int destinations) {
        return SpoolStatistics.of(spool, destinations);
    }

    @Override
    public int acknowledge(List<String> places) throws Refusal {
        int known = 0;
        try {
            for (DamagedRecord damage : spool.damages()) {
                if (places.isEmpty() || places.contains(view(damage).place())) {
                    known += await(spool.acknowledge(damage)) ? 1 : 0;
                }
            }
        } catch (SpoolException e) {
            throw refusal(e);
        }
        return known;
    }

    private static <T> T await(CompletionStage<T> stage) throws SpoolException, Refusal {
        try {
            return stage.toCompletableFuture().get(DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SpoolException failure) {
                throw failure;
            }
            throw new IllegalStateException("the spool failed at an operator's request", e);
        } catch (TimeoutException e) {
            throw new Refusal(
                    Refusal.Kind.FAILED,
                    "the spool's disk did not answer within " + DEADLINE.toSeconds() + " s",
                    "look at the disk; what was asked may still be done",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Refusal(Refusal.Kind.FAILED, "the server is stopping", "ask again after its start", e);
        }
    }

    private static Refusal refusal(SpoolException e) {
        return new Refusal(
                Refusal.Kind.FAILED,
                "the spool could not do it: " + e.getMessage(),
                "relais queue stats tells how it is; see log/relais.log",
                e);
    }

    /** What came of a batch so far. */
    private static final class Tally {
        private final List<String> missing = new ArrayList<>();
        private long done;
        private long unchanged;
        private long busy;

        /** An envelope that left meanwhile needs nothing any more. */
        void add(Result result) {
            switch (result) {
                case DONE -> done++;
                case UNCHANGED, NOT_FOUND -> unchanged++;
                case BUSY -> busy++;
            }
        }
    }
}
