package org.relais.chain.james;

import java.io.IOException;
import java.time.Duration;
import javax.mail.MessagingException;
import org.apache.james.queue.api.MailQueueName;
import org.apache.james.queue.api.ManageableMailQueue;
import org.apache.mailet.Mail;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

/** A queue that is given each mail as an {@link ExactMessage}; see {@link ExactMailQueueFactory}. */
final class ExactMailQueue implements ManageableMailQueue {
    private final ManageableMailQueue queue;

    ExactMailQueue(ManageableMailQueue queue) {
        this.queue = queue;
    }

    @FunctionalInterface
    private interface Enqueueing {
        void enqueue(Mail mail) throws MailQueueException;
    }

    @Override
    public void enQueue(Mail mail, Duration delay) throws MailQueueException {
        exactly(mail, exact -> queue.enQueue(exact, delay));
    }

    @Override
    public void enQueue(Mail mail) throws MailQueueException {
        exactly(mail, queue::enQueue);
    }

    @Override
    public Publisher<Void> enqueueReactive(Mail mail) {
        return Mono.fromCallable(() -> {
                    enQueue(mail);
                    return mail;
                })
                .then();
    }

    private static void exactly(Mail mail, Enqueueing enqueueing) throws MailQueueException {
        Mail exact = exact(mail);
        try {
            enqueueing.enqueue(exact);
        } finally {
            MailCopies.dispose(exact);
        }
    }

    private static Mail exact(Mail mail) throws MailQueueException {
        try {
            return MailCopies.workingCopy(mail);
        } catch (MessagingException e) {
            throw new MailQueueException("cannot read the mail " + mail.getName(), e);
        }
    }

    @Override
    public Publisher<MailQueueItem> deQueue() {
        return queue.deQueue();
    }

    @Override
    public MailQueueName getName() {
        return queue.getName();
    }

    @Override
    public long getSize() throws MailQueueException {
        return queue.getSize();
    }

    @Override
    public long flush() throws MailQueueException {
        return queue.flush();
    }

    @Override
    public long clear() throws MailQueueException {
        return queue.clear();
    }

    @Override
    public long remove(Type type, String value) throws MailQueueException {
        return queue.remove(type, value);
    }

    @Override
    public MailQueueIterator browse() throws MailQueueException {
        return queue.browse();
    }

    @Override
    public void close() throws IOException {
        queue.close();
    }
}
