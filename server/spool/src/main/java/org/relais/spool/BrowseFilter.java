package org.relais.spool;

import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.relais.model.QueueId;

/**
 * Which envelopes a browse shows. {@code null} means "any".
 *
 * @param reversePath exact, without regard to case; empty is the null reverse-path
 * @param forwardPath exact, without regard to case
 * @param forwardDomain exact, without regard to case
 * @param reason a part of the reason, without regard to case
 * @param removed only those that an operator removed; otherwise only those that were not
 */
public record BrowseFilter(
        @Nullable Stage stage,
        @Nullable QueueId queueId,
        @Nullable String reversePath,
        @Nullable String forwardPath,
        @Nullable String forwardDomain,
        @Nullable String reason,
        @Nullable Instant createdFrom,
        @Nullable Instant createdBefore,
        @Nullable Boolean held,
        boolean removed) {

    /** Everything that was not removed. */
    public static final BrowseFilter ALL =
            new BrowseFilter(null, null, null, null, null, null, null, null, null, false);

    public BrowseFilter withStage(Stage wanted) {
        return new BrowseFilter(
                wanted,
                queueId,
                reversePath,
                forwardPath,
                forwardDomain,
                reason,
                createdFrom,
                createdBefore,
                held,
                removed);
    }

    public BrowseFilter withQueueId(QueueId wanted) {
        return new BrowseFilter(
                stage,
                wanted,
                reversePath,
                forwardPath,
                forwardDomain,
                reason,
                createdFrom,
                createdBefore,
                held,
                removed);
    }

    public BrowseFilter withReversePath(String wanted) {
        return new BrowseFilter(
                stage, queueId, wanted, forwardPath, forwardDomain, reason, createdFrom, createdBefore, held, removed);
    }

    public BrowseFilter withForwardPath(String wanted) {
        return new BrowseFilter(
                stage, queueId, reversePath, wanted, forwardDomain, reason, createdFrom, createdBefore, held, removed);
    }

    public BrowseFilter withForwardDomain(String wanted) {
        return new BrowseFilter(
                stage, queueId, reversePath, forwardPath, wanted, reason, createdFrom, createdBefore, held, removed);
    }

    public BrowseFilter withReason(String wanted) {
        return new BrowseFilter(
                stage,
                queueId,
                reversePath,
                forwardPath,
                forwardDomain,
                wanted,
                createdFrom,
                createdBefore,
                held,
                removed);
    }

    public BrowseFilter withCreated(@Nullable Instant from, @Nullable Instant before) {
        return new BrowseFilter(
                stage, queueId, reversePath, forwardPath, forwardDomain, reason, from, before, held, removed);
    }

    public BrowseFilter withHeld(boolean wanted) {
        return new BrowseFilter(
                stage,
                queueId,
                reversePath,
                forwardPath,
                forwardDomain,
                reason,
                createdFrom,
                createdBefore,
                wanted,
                removed);
    }

    public BrowseFilter onlyRemoved() {
        return new BrowseFilter(
                stage,
                queueId,
                reversePath,
                forwardPath,
                forwardDomain,
                reason,
                createdFrom,
                createdBefore,
                held,
                true);
    }

    public boolean matches(Envelope envelope) {
        EnvelopeDetails details = envelope.details();
        return envelope.isRemoved() == removed
                && (stage == null || stage == details.stage())
                && (queueId == null || queueId.equals(details.queueId()))
                && (reversePath == null || reversePath.equalsIgnoreCase(details.reversePath()))
                && (forwardPath == null || forwardPath.equalsIgnoreCase(details.forwardPath()))
                && (forwardDomain == null || forwardDomain.equalsIgnoreCase(details.forwardDomain()))
                && (reason == null
                        || details.reason().toLowerCase(Locale.ROOT).contains(reason.toLowerCase(Locale.ROOT)))
                && (createdFrom == null || !envelope.created().isBefore(createdFrom))
                && (createdBefore == null || envelope.created().isBefore(createdBefore))
                && (held == null || held == details.held());
    }
}
