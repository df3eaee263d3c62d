package org.relais.spool.james;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import javax.mail.MessagingException;
import org.apache.james.metrics.api.Metric;
import org.apache.james.metrics.api.TimeMetric;
import org.apache.james.queue.api.MailQueueName;
import org.apache.james.queue.api.ManageableMailQueue;
import org.apache.mailet.Mail;
import org.reactivestreams.Publisher;
import org.relais.spool.Changes;
import org.relais.spool.Disposition;
import org.relais.spool.EnvelopeDetails;
import org.relais.spool.NewEnvelope;
import org.relais.spool.Origin;
import org.relais.spool.PendingMessage;
import org.relais.spool.Spool;
import org.relais.spool.SpoolException;
import org.relais.spool.Stage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * James's queue over the stage {@code CHAIN} of a spool. A mail is durable when {@link #enQueue} returns, unless it is
 * the output of a step ({@link StepOutputs}): then it is when the step is. Mails come out by priority, then in the order
 * in which they become due. Safe for use by many threads.
 */
final class SpoolMailQueue implements ManageableMailQueue {
    private static final Logger LOGGER = LoggerFactory.getLogger(SpoolMailQueue.class);
    private static final Stage STAGE = Stage.CHAIN;

    private final MailQueueName name;
    private final Spool spool;
    private final QueueLayout layout;
    private final Optional<StepOutputs> outputs;
    private final QueueParts parts;
    private final QueueView view;
    private final DequeuedMails dequeued;
    private final Metric enqueuedMails;
    private final Metric dequeuedMails;

    private SpoolMailQueue(
            MailQueueName name,
            Spool spool,
            QueueLayout layout,
            Optional<StepOutputs> outputs,
            Disposition removal,
            QueueParts parts,
            ClaimKeeper keeper) {
        this.name = name;
        this.spool = spool;
        this.layout = layout;
        this.outputs = outputs;
        this.parts = parts;
        this.view = new QueueView(spool, STAGE, layout, removal);
        this.dequeued = new DequeuedMails(spool, STAGE, layout, keeper, name.asString());
        this.enqueuedMails = parts.metrics().generate(ENQUEUED_METRIC_NAME_PREFIX + name.asString());
        this.dequeuedMails = parts.metrics().generate(DEQUEUED_METRIC_NAME_PREFIX + name.asString());
        parts.gauges().register(QUEUE_SIZE_METRIC_NAME_PREFIX + name.asString(), view::roughSize);
    }

    /** The chain's stage of the server's spool, an envelope for each recipient. */
    static SpoolMailQueue ofServer(MailQueueName name, Spool spool, QueueParts parts, ClaimKeeper keeper) {
        return new SpoolMailQueue(
                name,
                spool,
                new QueueLayout.Recipients(parts.mails(), STAGE),
                Optional.of(parts.outputs()),
                Disposition.REMOVED,
                parts,
                keeper);
    }

    /** A spool that is nothing but this queue, an envelope for each mail. */
    static SpoolMailQueue ofOwn(MailQueueName name, Spool spool, QueueParts parts, ClaimKeeper keeper) {
        return new SpoolMailQueue(
                name,
                spool,
                new QueueLayout.Whole(parts.mails()),
                Optional.empty(),
                Disposition.DISCARDED,
                parts,
                keeper);
    }

    @Override
    public MailQueueName getName() {
        return name;
    }

    // ------------------------------------------------------------------ in

    @Override
    public void enQueue(Mail mail) throws MailQueueException {
        enQueue(mail, Duration.ZERO);
    }

    @Override
    public void enQueue(Mail mail, Duration delay) throws MailQueueException {
        TimeMetric timer = parts.metrics().timer(ENQUEUED_TIMER_METRIC_NAME_PREFIX + name.asString());
        try {
            SpoolWait.on(enqueue(mail, delay));
        } catch (SpoolException | MessagingException | IllegalArgumentException e) {
            throw failure(mail, e);
        } finally {
            timer.stopAndPublish();
        }
    }

    /** Writes the message on the subscriber's thread, and completes on another than the spool's. */
    @Override
    public Publisher<Void> enqueueReactive(Mail mail) {
        return Mono.defer(() -> {
            try {
                return Mono.fromCompletionStage(enqueue(mail, Duration.ZERO))
                        .onErrorMap(SpoolException.class, e -> failure(mail, e))
                        .publishOn(Schedulers.boundedElastic());
            } catch (SpoolException | MessagingException | IllegalArgumentException e) {
                return Mono.error(failure(mail, e));
            }
        });
    }

    private MailQueueException failure(Mail mail, Exception cause) {
        return new MailQueueException(
                "cannot put the mail " + mail.getName() + " into the queue " + name.asString(), cause);
    }

    private CompletionStage<Void> enqueue(Mail mail, Duration delay) throws SpoolException, MessagingException {
        List<EnvelopeDetails> envelopes = layout.envelopes(mail, due(delay));
        if (envelopes.isEmpty()) {
            LOGGER.warn(
                    "the mail {} has no recipient and is not put into the queue {}", mail.getName(), name.asString());
            return CompletableFuture.completedStage(null);
        }
        Optional<StepOutput> step = outputs.flatMap(StepOutputs::current);
        Origin origin = step.map(output -> output.originOf(mail))
                .orElseGet(() -> parts.originOf().apply(mail));
        PendingMessage message = parts.mails().write(spool, mail.getMessage());
        StepOutput.Made made = new StepOutput.Made(
                message,
                envelopes.stream()
                        .map(details -> new NewEnvelope(origin, details))
                        .toList());
        if (step.isPresent()) {
            step.get().add(made);
            enqueuedMails.increment();
            return CompletableFuture.completedStage(null);
        }
        return commit(made);
    }

    private CompletionStage<Void> commit(StepOutput.Made made) {
        CompletionStage<Void> committed = spool.commit(Changes.append(made.message(), made.envelopes()))
                .handle((receipt, failure) -> {
                    if (failure != null) {
                        made.message().close();
                        return CompletableFuture.<Void>failedStage(failure);
                    }
                    enqueuedMails.increment();
                    return CompletableFuture.<Void>completedStage(null);
                })
                .thenCompose(stage -> stage);
        spool.flush();
        return committed;
    }

    private Instant due(Duration delay) {
        Instant now = spool.now();
        if (delay.isNegative()) {
            return now;
        }
        try {
            return Instant.ofEpochMilli(now.plus(delay).toEpochMilli());
        } catch (DateTimeException | ArithmeticException e) {
            return Instant.ofEpochMilli(Long.MAX_VALUE);
        }
    }

    // ------------------------------------------------------------------ out

    @Override
    public Publisher<MailQueueItem> deQueue() {
        Flux<MailQueueItem> items = dequeued.publisher().map(item -> {
            dequeuedMails.increment();
            return parts.decorators().decorate(item, name);
        });
        return items;
    }

    // ------------------------------------------------------------------ administration

    @Override
    public long getSize() throws MailQueueException {
        return view.size();
    }

    @Override
    public long flush() throws MailQueueException {
        return view.flush();
    }

    @Override
    public long clear() throws MailQueueException {
        return view.clear();
    }

    @Override
    public long remove(Type type, String value) throws MailQueueException {
        return view.remove(type, value);
    }

    @Override
    public MailQueueIterator browse() {
        return view.browse();
    }

    /** The factory closes what it opened: others may have this queue as well. */
    @Override
    public void close() {}
}
