package org.relais.delivery.engine;

import java.io.IOException;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.relais.delivery.Outcome;
import org.relais.delivery.route.Hops;
import org.relais.delivery.route.NextHops;
import org.relais.delivery.schedule.Feedback;
import org.relais.model.EnhancedStatus;
import org.relais.smtpclient.Endpoint;
import org.relais.smtpclient.SessionInfo;
import org.relais.smtpclient.Transaction;
import org.relais.smtpclient.TransactionResult;
import org.relais.smtpclient.TransactionResult.Answered;
import org.relais.smtpclient.TransactionResult.Interrupted;
import org.relais.smtpclient.TransactionResult.Unavailable;
import org.relais.smtpclient.TransactionResult.Unsendable;
import org.relais.spool.EnvelopeDetails;
import org.relais.spool.Spool;
import org.relais.spool.SpoolException;
import org.relais.spool.mail.DsnRequest;
import org.relais.spool.mail.MailState;

/** One attempt at one job: its next hops in their order, until one of them talks to us. Safe for use by many threads. */
final class Attempt {
    private static final EnhancedStatus NO_ANSWER = new EnhancedStatus(4, 4, 1);
    private static final EnhancedStatus LOST = new EnhancedStatus(4, 4, 2);
    private static final EnhancedStatus DIRECTORY_FAILURE = new EnhancedStatus(4, 4, 3);

    private static final int OUR_SYSTEM = 3;

    private final Spool spool;
    private final ConvertingSender sender;
    private final NextHops nextHops;
    private final DeliveryEvents events;
    private final InstantSource clock;

    Attempt(Spool spool, ConvertingSender sender, NextHops nextHops, DeliveryEvents events, InstantSource clock) {
        this.spool = spool;
        this.sender = sender;
        this.nextHops = nextHops;
        this.events = events;
        this.clock = clock;
    }

    /** Reads the content, from the disk if need be; the rest does not block. Fails only by a fault of ours. */
    CompletionStage<AttemptResult> make(Job job) throws SpoolException, IOException {
        MailContent content =
                MailContent.of(job.state(), spool.content(job.first().message()));
        return nextHops.of(job.destination()).thenCompose(hops -> {
            if (hops instanceof Hops.None none) {
                return CompletableFuture.completedFuture(nowhere(job, none));
            }
            return tryFrom(0, ((Hops.Found) hops).endpoints(), job, transaction(job, content));
        });
    }

    private static Transaction transaction(Job job, MailContent content) {
        List<Transaction.Recipient> recipients = job.claims().stream()
                .map(claim -> claim.envelope().details())
                .map(Attempt::recipient)
                .toList();
        DsnRequest dsn = job.state().dsn();
        return new Transaction(job.details().reversePath(), recipients, content, dsn.ret(), dsn.envid(), false);
    }

    private static Transaction.Recipient recipient(EnvelopeDetails details) {
        DsnRequest dsn = MailState.of(details).dsn();
        return new Transaction.Recipient(details.forwardPath(), dsn.notifyWhen(), dsn.orcpt());
    }

    private CompletionStage<AttemptResult> tryFrom(
            int index, List<Endpoint> endpoints, Job job, Transaction transaction) {
        Endpoint hop = endpoints.get(index);
        boolean mayConvert = job.destination().route().converts();
        return sender.send(hop, transaction, mayConvert).thenCompose(sent -> {
            TransactionResult result = sent.result();
            events.attempted(job, hop, text(result), sent, clock.instant());
            if (result instanceof Unavailable && index + 1 < endpoints.size()) {
                return tryFrom(index + 1, endpoints, job, transaction);
            }
            return CompletableFuture.completedFuture(result(job, hop, result));
        });
    }

    private static String text(TransactionResult result) {
        if (result instanceof Answered answered) {
            return answered.replies().get(0).text();
        } else if (result instanceof Unavailable unavailable) {
            return unavailable.text();
        } else if (result instanceof Interrupted interrupted) {
            return interrupted.text();
        }
        return ((Unsendable) result).text();
    }

    private static AttemptResult result(Job job, Endpoint hop, TransactionResult result) {
        if (result instanceof Answered answered) {
            return new AttemptResult(
                    answered.replies().stream().map(Outcome::of).toList(),
                    hop.toString(),
                    ReplyFeedback.of(answered.replies()),
                    false,
                    answered.session());
        } else if (result instanceof Unavailable unavailable) {
            Outcome outcome = new Outcome.Deferred(NO_ANSWER, "4.4.1 " + hop + ": " + unavailable.text());
            return all(job, outcome, hop.toString(), ReplyFeedback.of(unavailable));
        } else if (result instanceof Interrupted interrupted) {
            Outcome lost = new Outcome.Deferred(LOST, "4.4.2 " + hop + ": " + interrupted.text());
            return new AttemptResult(
                    interrupted.replies().stream()
                            .map(reply -> reply.map(Outcome::of).orElse(lost))
                            .toList(),
                    hop.toString(),
                    new Feedback.Less(interrupted.text()),
                    false,
                    interrupted.session());
        }
        Unsendable unsendable = (Unsendable) result;
        Outcome outcome = unsendable.status().statusClass() == 5
                ? new Outcome.Failed(unsendable.status(), unsendable.text())
                : new Outcome.Deferred(unsendable.status(), unsendable.text());
        return all(job, outcome, hop.toString(), new Feedback.Good());
    }

    private static AttemptResult nowhere(Job job, Hops.None none) {
        Outcome outcome = none.outcome();
        if (none.isUnknownDomain() && job.attempts() < job.delivery().unknownDomainRetries()) {
            outcome = new Outcome.Deferred(DIRECTORY_FAILURE, outcome.text().replaceFirst("^5\\.1\\.2", "4.4.3"));
        }
        Feedback feedback =
                outcome instanceof Outcome.Deferred ? new Feedback.Dead(outcome.text()) : new Feedback.Good();
        // 4.3.x is about us: a bug, a mistake in relais.xml. However old the mail is, it waits until that is mended.
        boolean isOurFault =
                outcome instanceof Outcome.Deferred && outcome.status().subject() == OUR_SYSTEM;
        return new AttemptResult(
                Collections.nCopies(job.claims().size(), outcome),
                job.destination().name(),
                isOurFault ? new Feedback.None() : feedback,
                isOurFault,
                SessionInfo.NONE);
    }

    private static AttemptResult all(Job job, Outcome outcome, String hop, Feedback feedback) {
        return new AttemptResult(
                Collections.nCopies(job.claims().size(), outcome), hop, feedback, false, SessionInfo.NONE);
    }
}
