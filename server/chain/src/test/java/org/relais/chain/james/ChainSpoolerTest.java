package org.relais.chain.james;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.relais.chain.james.TestChain.KEEPING_ERROR;
import static org.relais.chain.james.TestChain.mail;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.mailet.Mail;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.relais.chain.identity.MailName;
import org.relais.model.QueueId;
import org.relais.spool.Changes;
import org.relais.spool.EnvelopeDetails;
import org.relais.spool.NewEnvelope;
import org.relais.spool.OpaqueState;
import org.relais.spool.PendingMessage;
import org.relais.spool.Stage;

/** Mails from the spool through a chain, by many threads. */
class ChainSpoolerTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    private final List<String> processed = new CopyOnWriteArrayList<>();
    private TestChain chain;
    private ChainSpooler spooler;

    @BeforeEach
    void makeChain() throws Exception {
        chain = new TestChain();
    }

    @AfterEach
    void stop() throws Exception {
        if (spooler != null) {
            spooler.stop();
        }
        assertThat(chain.spool.accounts().difference()).isZero();
        chain.close();
    }

    @Test
    void leadsEveryMailThroughTheChainAndOutOfTheSpool() throws Exception {
        start(4, this::process);

        for (int i = 0; i < 50; i++) {
            put("mail-" + i);
        }

        await().atMost(SOON).until(() -> chain.spool.accounts().inSpool() == 0);
        assertThat(processed).hasSize(50).doesNotHaveDuplicates();
    }

    @Test
    void mailsBehindAPoisonousOnePassBy() throws Exception {
        start(1, mail -> {
            if (queueId(mail).equals("poison")) {
                throw new StackOverflowError("poison");
            }
            process(mail);
        });

        put("poison");
        put("healthy-1");
        put("healthy-2");

        await().atMost(SOON).until(() -> chain.spool.accounts().inSpool() == 1);
        assertThat(processed).containsExactly("healthy-1", "healthy-2");
        assertThat(chain.waiting()).singleElement().satisfies(envelope -> {
            assertThat(envelope.queueId().value()).isEqualTo("poison");
            assertThat(envelope.details().attempts()).isEqualTo(1);
        });
    }

    @Test
    void anEnvelopeThatIsNoMailsWaitsAndTheOthersPassBy() throws Exception {
        start(1, this::process);

        EnvelopeDetails odd = EnvelopeDetails.of(new QueueId("odd"), "", "bob@example.org", Stage.CHAIN)
                .withState(OpaqueState.ofText("?"));
        chain.spool.commit(Changes.append(PendingMessage.of(new byte[] {'a'}), List.of(NewEnvelope.accepted(odd))));
        put("healthy");

        await().atMost(SOON).until(() -> processed.size() == 1);
        await().atMost(SOON).until(() -> chain.waiting().get(0).details().attempts() == 1);
        assertThat(chain.waiting()).singleElement().satisfies(envelope -> {
            assertThat(envelope.details().reason()).contains("cannot be read");
            assertThat(envelope.details().nextAttempt())
                    .isEqualTo(chain.clock.instant().plus(Duration.ofMinutes(1)));
        });
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
            atOnce.decrementAndGet();
            process(mail);
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
            process(mail);
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
        assertThat(chain.spool.claim(Stage.CHAIN, 10, TestChain.LEASE)).hasSize(2);
    }

    @Test
    void stopInterruptsWhatDoesNotEndWithinTheBoundAndKeepsItsMail() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        start(1, Duration.ofMillis(50), mail -> {
            begun.countDown();
            never.await();
        });
        put("stuck");
        assertThat(begun.await(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();

        spooler.stop();

        await().atMost(SOON).until(() -> chain.spool.status().claimed() == 0);
        assertThat(chain.waiting())
                .singleElement()
                .satisfies(envelope -> assertThat(envelope.details().attempts()).isZero());
    }

    private void start(int workers, TestChain.Service service) throws Exception {
        start(workers, Duration.ofSeconds(20), service);
    }

    private void start(int workers, Duration drain, TestChain.Service service) throws Exception {
        chain.mailet("Work", service);
        chain.start("<processor state='root'><mailet match='All' class='Work'/></processor>" + KEEPING_ERROR);
        spooler = new ChainSpooler(
                chain.spool, chain.processor, new NamedThreads("test"), new SpoolerSettings(workers, drain));
        spooler.start();
    }

    private void process(Mail mail) {
        processed.add(queueId(mail));
        mail.setState(Mail.GHOST);
    }

    private static String queueId(Mail mail) {
        return MailName.queueId(mail.getName()).value();
    }

    private void put(String name) throws Exception {
        Mail mail = mail("bob@example.org");
        mail.setName(name);
        chain.accept(mail);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await(SOON.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
