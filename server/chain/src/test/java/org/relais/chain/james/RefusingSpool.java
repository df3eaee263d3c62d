package org.relais.chain.james;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.apache.james.queue.api.MailQueue;
import org.apache.james.queue.api.MailQueueFactory;
import org.apache.james.queue.api.MailQueueName;
import org.apache.mailet.Mail;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A queue that takes nothing: its disk is full. */
final class RefusingSpool implements MailQueueFactory<MailQueue>, MailQueue {
    @Override
    public MailQueueName getName() {
        return MailQueueFactory.SPOOL;
    }

    @Override
    public void enQueue(Mail mail, Duration delay) throws MailQueueException {
        throw new MailQueueException("no space left on device");
    }

    @Override
    public void enQueue(Mail mail) throws MailQueueException {
        throw new MailQueueException("no space left on device");
    }

    @Override
    public Publisher<Void> enqueueReactive(Mail mail) {
        return Mono.error(new MailQueueException("no space left on device"));
    }

    @Override
    public Publisher<MailQueueItem> deQueue() {
        return Flux.never();
    }

    @Override
    public void close() {}

    @Override
    public Optional<MailQueue> getQueue(MailQueueName name, PrefetchCount count) {
        return Optional.of(this);
    }

    @Override
    public MailQueue createQueue(MailQueueName name, PrefetchCount count) {
        return this;
    }

    @Override
    public Set<MailQueueName> listCreatedMailQueues() {
        return Set.of(getName());
    }
}
