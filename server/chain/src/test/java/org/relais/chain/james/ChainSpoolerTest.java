package org.relais.chain.james;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.relais.chain.james.TestChain.mail;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.mail.MessagingException;
import org.apache.james.mailetcontainer.api.MailProcessor;
import org.apache.james.queue.api.MailQueueFactory;
import org.apache.james.queue.api.RawMailQueueItemDecoratorFactory;
import org.apache.james.queue.memory.MemoryMailQueueFactory;
import org.apache.james.queue.memory.MemoryMailQueueFactory.MemoryCacheableMailQueue;
import org.apache.mailet.Mail;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Mails from the spool through a chain, over James's memory queue. */
class ChainSpoolerTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    private final MemoryMailQueueFactory queues =
            new MemoryMailQueueFactory(new RawMailQueueItemDecoratorFactory(), Clock.systemUTC());
    private final List<String> processed = new CopyOnWriteArrayList<>();
    private MemoryCacheableMailQueue spool;
    private ChainSpooler spooler;

    @BeforeEach
    void openSpool() {
        spool = queues.createQueue(MailQueueFactory.SPOOL);
    }

    @AfterEach
    void stop() {
        if (spooler != null) {
            spooler.stop();
        }
        spool.close();
    }

    @Test
    void leadsEveryMailThroughTheChainAndOutOfTheSpool() throws Exception {
        start(4, mail -> processed.add(mail.getName()));

        for (int i = 0; i < 50; i++) {
            put("mail-" + i);
        }

        await().atMost(SOON).until(() -> processed.size() == 50);
        await().atMost(SOON).until(() -> spool.getSize() == 0);
        assertThat(processed).doesNotHaveDuplicates();
    }

    @Test
    void mailsBehindAPoisonousOnePassBy() throws Exception {
        start(1, mail -> {
            if (mail.getName().equals("poison")) {
                throw new StackOverflowError("poison");
            }
            processed.add(mail.getName());
        });

        put("poison");
        put("healthy-1");
        put("healthy-2");

        await().atMost(SOON).until(() -> processed.size() == 2);
        await().atMost(SOON).until(() -> spool.getSize() == 1);
        assertThat(spool.browse().next().getMail().getName()).isEqualTo("poison");
    }

    @Test
    void worksOnNoMoreMailsAtOnceThanItHasThreads() throws Exception {
        AtomicInteger atOnce = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch full = new CountDownLatch(3);
        start(3, mail -> {
            most.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
            full.countDown();
            awaitQuietly(full);
            processed.add(mail.getName());
            atOnce.decrementAndGet();
        });

        for (int i = 0; i < 30; i++) {
            put("mail-" + i);
        }

        await().atMost(SOON).until(() -> processed.size() == 30);
        assertThat(most).hasValue(3);
    }

    @Test
    void stopLetsRunningMailsEndAndBeginsNoneAnew() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        start(1, mail -> {
            begun.countDown();
            awaitQuietly(mayEnd);
            processed.add(mail.getName());
        });
        put("running");
        assertThat(begun.await(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
        put("late-1");
        put("late-2");

        Thread stopping = new Thread(spooler::stop);
        stopping.start();
        await().atMost(SOON).until(() -> stopping.getState() == Thread.State.TIMED_WAITING);
        mayEnd.countDown();
        stopping.join(SOON.toMillis());

        assertThat(stopping.isAlive()).isFalse();
        assertThat(processed).containsExactly("running");
    }

    @Test
    void stopInterruptsWhatDoesNotEndWithinTheBoundAndKeepsItsMail() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        spooler = new ChainSpooler(
                queues,
                mail -> {
                    begun.countDown();
                    try {
                        never.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                        throw new MessagingException("interrupted", e);
                    }
                },
                new NamedThreads("test"),
                new SpoolerSettings(1, Duration.ofMillis(50)));
        spooler.start();
        put("stuck");
        assertThat(begun.await(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();

        spooler.stop();

        await().atMost(SOON).until(() -> spool.browse().hasNext());
        assertThat(spool.browse().next().getMail().getName()).isEqualTo("stuck");
    }

    private void start(int workers, MailProcessor chain) {
        spooler = new ChainSpooler(
                queues, chain, new NamedThreads("test"), new SpoolerSettings(workers, Duration.ofSeconds(20)));
        spooler.start();
    }

    private void put(String name) throws Exception {
        Mail mail = mail("bob@example.org");
        mail.setName(name);
        spool.enQueue(mail);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await(SOON.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
