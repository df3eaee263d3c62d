package org.relais.spool.james;

import java.time.Duration;
import org.apache.james.metrics.api.GaugeRegistry;
import org.apache.james.queue.api.MailQueueName;
import org.apache.james.queue.api.ManageableMailQueue;
import org.apache.mailet.Mail;
import org.reactivestreams.Publisher;
import org.relais.spool.Disposition;
import org.relais.spool.Spool;
import org.relais.spool.Stage;
import reactor.core.publisher.Mono;

/**
 * What waits for delivery, for James's routes to look at, remove and flush. Nothing is put in or taken out here: the
 * chain hands envelopes over to the delivery engine, which schedules them. Safe for use by many threads.
 */
final class OutgoingMailQueue implements ManageableMailQueue {
    private static final String REFUSAL =
            "the queue %s shows what waits for delivery: mail gets there by the chain's delivery mailet only";

    private final MailQueueName name;
    private final QueueView view;

    OutgoingMailQueue(MailQueueName name, Spool spool, SpoolMails mails, GaugeRegistry gauges) {
        this.name = name;
        this.view = new QueueView(
                spool, Stage.DELIVERY, new QueueLayout.Recipients(mails, Stage.DELIVERY), Disposition.REMOVED);
        gauges.register(QUEUE_SIZE_METRIC_NAME_PREFIX + name.asString(), view::roughSize);
    }

    private MailQueueException refusal() {
        return new MailQueueException(String.format(REFUSAL, name.asString()));
    }

    @Override
    public MailQueueName getName() {
        return name;
    }

    @Override
    public void enQueue(Mail mail, Duration delay) throws MailQueueException {
        throw refusal();
    }

    @Override
    public void enQueue(Mail mail) throws MailQueueException {
        throw refusal();
    }

    @Override
    public Publisher<Void> enqueueReactive(Mail mail) {
        return Mono.error(this::refusal);
    }

    @Override
    public Publisher<MailQueueItem> deQueue() {
        return Mono.error(this::refusal);
    }

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

    @Override
    public void close() {}
}
