package org.relais.chain.james;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ThreadFactory;
import javax.mail.MessagingException;
import org.apache.james.mailetcontainer.api.MailProcessor;
import org.apache.james.queue.api.MailQueue;
import org.apache.james.queue.api.MailQueue.MailQueueException;
import org.apache.james.queue.api.MailQueue.MailQueueItem;
import org.apache.james.queue.api.MailQueue.MailQueueItem.CompletionStatus;
import org.apache.james.queue.api.MailQueueFactory;
import org.apache.mailet.Mail;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes accepted mails from the spool through the chain, in the place of James's spooler.
 *
 * <p>A mail leaves the spool only when the chain has answered for all its recipients. If it cannot, the mail comes back
 * after a minute: the ones behind it pass by. {@link #stop} begins nothing new and lets what runs come to its end.
 */
public final class ChainSpooler {
    private static final Logger LOGGER = LoggerFactory.getLogger(ChainSpooler.class);
    private static final Duration BEFORE_NEXT_TRY = Duration.ofMinutes(1);

    private final MailQueueFactory<?> queues;
    private final MailProcessor chain;
    private final ThreadFactory threads;
    private final SpoolerSettings settings;
    private @Nullable MailQueue spool;
    private @Nullable QueueWorkers workers;

    public ChainSpooler(
            MailQueueFactory<?> queues, MailProcessor chain, ThreadFactory threads, SpoolerSettings settings) {
        this.queues = queues;
        this.chain = chain;
        this.threads = threads;
        this.settings = settings;
    }

    /** To be called once, when the chain is ready. */
    public synchronized void start() {
        MailQueue opened =
                queues.createQueue(MailQueueFactory.SPOOL, MailQueueFactory.prefetchCount(settings.workers()));
        QueueWorkers started = new QueueWorkers(opened, settings.workers(), threads, item -> process(opened, item));
        spool = opened;
        workers = started;
        started.start();
    }

    /** How many mails are in the chain now. */
    public synchronized int running() {
        return workers == null ? 0 : workers.running();
    }

    /** To be called before the chain is stopped; returns within the drain bound and two seconds. */
    public synchronized void stop() {
        if (workers != null) {
            workers.stop(settings.drain());
            workers = null;
        }
        if (spool != null) {
            try {
                spool.close();
            } catch (IOException e) {
                LOGGER.warn("the spool did not close cleanly", e);
            }
            spool = null;
        }
    }

    private void process(MailQueue queue, MailQueueItem item) {
        Mail mail = item.getMail();
        try {
            chain.service(mail);
        } catch (Throwable thrown) {
            comeBack(queue, item, mail, thrown);
            return;
        }
        try {
            item.done(CompletionStatus.SUCCESS);
        } catch (MailQueueException e) {
            LOGGER.error("mail {}: the spool does not let it go; it may be processed twice", mail.getName(), e);
        }
        MailCopies.dispose(mail);
    }

    private static void comeBack(MailQueue queue, MailQueueItem item, Mail mail, Throwable thrown) {
        LOGGER.error("mail {}: the chain could not answer for it; it comes back later", mail.getName(), thrown);
        try {
            queue.enQueue(mail, BEFORE_NEXT_TRY);
        } catch (MessagingException | RuntimeException e) {
            LOGGER.error("mail {}: the spool does not take it back with a delay", mail.getName(), e);
            giveBack(item, mail);
            return;
        }
        try {
            item.done(CompletionStatus.SUCCESS);
        } catch (MailQueueException e) {
            LOGGER.error("mail {}: the spool does not let it go; it may be processed twice", mail.getName(), e);
        }
        MailCopies.dispose(mail);
    }

    private static void giveBack(MailQueueItem item, Mail mail) {
        try {
            item.done(CompletionStatus.RETRY);
        } catch (MailQueueException e) {
            LOGGER.error("mail {}: the spool does not take it back", mail.getName(), e);
        }
    }
}
