package org.relais.mailets.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.relais.chain.james.NamedThreads;
import org.relais.model.QueueId;
import org.relais.spool.BrowseFilter;
import org.relais.spool.Changes;
import org.relais.spool.Claim;
import org.relais.spool.Disposition;
import org.relais.spool.EnvelopeDetails;
import org.relais.spool.NewEnvelope;
import org.relais.spool.Page;
import org.relais.spool.PendingMessage;
import org.relais.spool.Spool;
import org.relais.spool.Stage;
import org.relais.spool.mail.MailState;
import org.relais.spool.memory.InMemorySpool;

/** Which delivery gets what waits. */
class DeliveryDispatcherTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final DeliveryName OUTGOING = DeliveryName.of("outgoing", Map.of());
    private static final DeliveryName OTHER = DeliveryName.of("other", Map.of());

    private final Spool spool = new InMemorySpool(Clock.systemUTC());
    private final DeliveryDispatcher dispatcher =
            new DeliveryDispatcher(spool, new NamedThreads("dispatcher"), Duration.ofSeconds(5));
    private final List<String> sent = new CopyOnWriteArrayList<>();

    @AfterEach
    void stop() {
        dispatcher.stop();
        assertThat(spool.accounts().difference()).isZero();
    }

    @Test
    void eachDeliveryGetsItsOwn() throws Exception {
        dispatcher.register(new Sending(OUTGOING, 2, new CountDownLatch(0)));
        dispatcher.register(new Sending(OTHER, 2, new CountDownLatch(0)));
        dispatcher.start();

        append("bob@example.net", OUTGOING.text());
        append("carol@example.net", OTHER.text());

        await().atMost(SOON).until(() -> spool.accounts().inSpool() == 0);
        assertThat(sent).containsExactlyInAnyOrder("outgoing bob@example.net", "other carol@example.net");
    }

    @Test
    void afterAChangeOfItsParametersADeliveryIsFoundByItsQueue() throws Exception {
        dispatcher.register(new Sending(OUTGOING, 1, new CountDownLatch(0)));
        dispatcher.register(new Sending(OTHER, 1, new CountDownLatch(0)));
        dispatcher.start();

        append(
                "bob@example.net",
                DeliveryName.of("other", Map.of("gateway", "old")).text());

        await().atMost(SOON).until(() -> spool.accounts().inSpool() == 0);
        assertThat(sent).containsExactly("other bob@example.net");
    }

    @Test
    void theOnlyDeliveryTakesWhatNoOtherIsThereFor() throws Exception {
        dispatcher.register(new Sending(OUTGOING, 1, new CountDownLatch(0)));
        dispatcher.start();

        append("bob@example.net", OTHER.text());

        await().atMost(SOON).until(() -> sent.contains("outgoing bob@example.net"));
    }

    @Test
    void whatNoDeliveryIsThereForWaits() throws Exception {
        dispatcher.start();

        append("bob@example.net", OUTGOING.text());

        await().atMost(SOON).until(() -> waiting().attempts() == 1);
        assertThat(waiting().reason()).contains("4.3.5", "outgoing");
        assertThat(waiting().stage()).isEqualTo(Stage.DELIVERY);
    }

    @Test
    void aBusyDeliveryDoesNotHoldOthersUp() throws Exception {
        CountDownLatch mayEnd = new CountDownLatch(1);
        dispatcher.register(new Sending(OUTGOING, 1, mayEnd));
        dispatcher.register(new Sending(OTHER, 1, new CountDownLatch(0)));
        dispatcher.start();

        append("bob@example.net", OUTGOING.text());
        append("dave@example.net", OUTGOING.text());
        append("carol@example.net", OTHER.text());

        await().atMost(SOON).until(() -> sent.contains("other carol@example.net"));
        assertThat(sent).doesNotContain("outgoing bob@example.net", "outgoing dave@example.net");
        mayEnd.countDown();
        await().atMost(SOON).until(() -> spool.accounts().inSpool() == 0);
    }

    private EnvelopeDetails waiting() throws Exception {
        Page page = spool.browse(BrowseFilter.ALL, Optional.empty(), 10);
        return ((Page.Entry.Item) page.entries().get(0)).envelope().details();
    }

    private void append(String forwardPath, String delivery) throws Exception {
        EnvelopeDetails details = EnvelopeDetails.of(
                        new QueueId("0123456789BCD"), "alice@example.org", forwardPath, Stage.DELIVERY)
                .withState(MailState.received("0123456789BCD", "127.0.0.1", Instant.EPOCH, Map.of())
                        .withDelivery(delivery)
                        .encode());
        spool.commit(Changes.append(PendingMessage.of(new byte[] {'a'}), List.of(NewEnvelope.accepted(details))))
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
    }

    private final class Sending implements SpoolDelivery {
        private final DeliveryName name;
        private final int threads;
        private final CountDownLatch mayEnd;

        Sending(DeliveryName name, int threads, CountDownLatch mayEnd) {
            this.name = name;
            this.threads = threads;
            this.mayEnd = mayEnd;
        }

        @Override
        public DeliveryName name() {
            return name;
        }

        @Override
        public int threads() {
            return threads;
        }

        @Override
        public List<List<Claim>> jobs(List<Claim> mail) {
            return List.of(mail);
        }

        @Override
        public void attempt(List<Claim> job, BooleanSupplier isStopping) {
            try {
                if (!mayEnd.await(SOON.toSeconds(), TimeUnit.SECONDS)) {
                    return;
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
            for (Claim claim : job) {
                sent.add(name.queue() + " " + claim.envelope().details().forwardPath());
                spool.commit(new Changes().remove(claim, Disposition.DELIVERED));
            }
        }
    }
}
