package org.relais.chain.james;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.james.queue.api.MailQueue;
import org.apache.james.queue.api.MailQueue.MailQueueException;
import org.apache.james.queue.api.MailQueue.MailQueueItem;
import org.apache.james.queue.api.MailQueue.MailQueueItem.CompletionStatus;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes mails from one queue and hands them to a fixed number of threads.
 *
 * <p>No more mails are asked for than there are free threads. {@code work} acknowledges its item; an exception of
 * {@code work} is logged and its item given back. When the queue's stream breaks it is taken up again after a second.
 * After {@link #stop} nothing new is begun; what runs may end within the bound and is interrupted then.
 */
public final class QueueWorkers {
    private static final Logger LOGGER = LoggerFactory.getLogger(QueueWorkers.class);
    private static final Duration AFTER_INTERRUPT = Duration.ofSeconds(2);
    private static final Duration BEFORE_NEXT_TRY = Duration.ofSeconds(1);

    private final MailQueue queue;
    private final int workers;
    private final Consumer<MailQueueItem> work;
    private final ExecutorService threads;
    private final AtomicInteger running = new AtomicInteger();
    private volatile boolean stopped;
    private volatile @Nullable Subscription subscription;

    /** {@code workers} is at least 1. */
    public QueueWorkers(MailQueue queue, int workers, ThreadFactory threadFactory, Consumer<MailQueueItem> work) {
        if (workers < 1) {
            throw new IllegalArgumentException("workers must be at least 1, was " + workers);
        }
        this.queue = queue;
        this.workers = workers;
        this.work = work;
        this.threads = Executors.newFixedThreadPool(workers, threadFactory);
    }

    public void start() {
        subscribe();
    }

    /** How many mails are being worked on. */
    public int running() {
        return running.get();
    }

    /** Returns true when everything that ran came to its own end within {@code bound}. */
    public boolean stop(Duration bound) {
        stopped = true;
        Subscription last = subscription;
        if (last != null) {
            last.cancel();
        }
        threads.shutdown();
        try {
            if (threads.awaitTermination(bound.toMillis(), TimeUnit.MILLISECONDS)) {
                return true;
            }
            LOGGER.warn(
                    "queue {}: {} mails did not end within {}; they are interrupted and tried again later",
                    queue.getName().asString(),
                    running.get(),
                    bound);
            threads.shutdownNow();
            threads.awaitTermination(AFTER_INTERRUPT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            threads.shutdownNow();
            Thread.currentThread().interrupt();
        }
        return false;
    }

    private void subscribe() {
        if (!stopped) {
            queue.deQueue().subscribe(new Dequeuing());
        }
    }

    private void subscribeLater() {
        if (!stopped) {
            CompletableFuture.delayedExecutor(BEFORE_NEXT_TRY.toMillis(), TimeUnit.MILLISECONDS)
                    .execute(this::subscribe);
        }
    }

    private void giveBack(MailQueueItem item) {
        try {
            item.done(CompletionStatus.RETRY);
        } catch (MailQueueException | RuntimeException e) {
            LOGGER.error("queue {} does not take a mail back", queue.getName().asString(), e);
        }
    }

    private final class Dequeuing implements Subscriber<MailQueueItem> {
        private @Nullable Subscription upstream;

        @Override
        public void onSubscribe(Subscription given) {
            upstream = given;
            subscription = given;
            if (stopped) {
                given.cancel();
            } else {
                given.request(workers);
            }
        }

        @Override
        public void onNext(MailQueueItem item) {
            try {
                threads.execute(() -> run(item));
            } catch (RejectedExecutionException e) {
                giveBack(item);
            }
        }

        private void run(MailQueueItem item) {
            if (stopped) {
                giveBack(item);
                return;
            }
            running.incrementAndGet();
            try {
                work.accept(item);
            } catch (Throwable bug) {
                LOGGER.error(
                        "queue {}: a mail could not be worked on and is given back",
                        queue.getName().asString(),
                        bug);
                giveBack(item);
            } finally {
                running.decrementAndGet();
                Subscription from = upstream;
                if (from != null && !stopped) {
                    from.request(1);
                }
            }
        }

        @Override
        public void onError(Throwable broken) {
            if (!stopped) {
                LOGGER.error(
                        "queue {} gives no more mails; asking again",
                        queue.getName().asString(),
                        broken);
            }
            subscribeLater();
        }

        @Override
        public void onComplete() {
            subscribeLater();
        }
    }
}
