package org.relais.spool.james;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.james.queue.api.MailQueue.MailQueueException;
import org.apache.james.queue.api.MailQueue.MailQueueItem;
import org.apache.james.queue.api.MailQueue.MailQueueItem.CompletionStatus;
import org.apache.james.queue.api.MailQueueName;
import org.apache.james.queue.api.Mails;
import org.apache.james.queue.api.ManageableMailQueue;
import org.apache.james.queue.api.ManageableMailQueue.Type;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.relais.spool.BrowseFilter;
import org.relais.spool.Changes;
import org.relais.spool.Claim;
import org.relais.spool.OpaqueState;
import org.relais.spool.Origin;
import org.relais.spool.Page;
import org.relais.spool.SpoolException;
import org.relais.spool.Stage;
import reactor.core.publisher.Flux;

class SpoolMailQueueTest {
    private static final MailQueueName OWN = MailQueueName.of("../etc/\u00e9");
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    @TempDir
    Path home;

    private TestQueues queues;
    private ManageableMailQueue spool;

    @BeforeEach
    void open() throws SpoolException {
        queues = new TestQueues(home);
        spool = queues.factory.createQueue(SpoolMailQueueFactory.SPOOL);
    }

    @AfterEach
    void close() throws SpoolException {
        queues.close();
    }

    @Test
    void whatAStepEnqueuesIsCommittedWithTheStep() throws Exception {
        try (StepOutput step = queues.outputs.begin(mail -> Origin.DSN)) {
            spool.enQueue(Mails.defaultMail().name("bounce").build(), Duration.ofHours(1));
            assertThat(spool.getSize()).isZero();
            assertThat(step.made()).hasSize(1);

            Changes changes = new Changes();
            step.addTo(changes);
            SpoolWait.commit(queues.server, changes);
        }

        assertThat(spool.getSize()).isEqualTo(1);
        assertThat(queues.server.accounts().came(Origin.DSN)).isEqualTo(2);
        assertThat(spool.browse().next().getNextDelivery()).isPresent();
    }

    @Test
    void whatAStepThatFailedEnqueuedIsForgotten() throws Exception {
        try (StepOutput step = queues.outputs.begin(mail -> Origin.DSN)) {
            spool.enQueue(Mails.defaultMail().name("bounce").build());
        }

        assertThat(spool.getSize()).isZero();
        assertThat(queues.outputs.current()).isEmpty();
    }

    @Test
    void otherThreadsAndOtherQueuesDoNotWaitForTheStep() throws Exception {
        ExecutorService other = Executors.newSingleThreadExecutor();
        try (StepOutput step = queues.outputs.begin(mail -> Origin.DSN)) {
            other.submit(() -> {
                        spool.enQueue(Mails.defaultMail().name("another").build());
                        return null;
                    })
                    .get(DEADLINE.toSeconds(), SECONDS);
            queues.factory
                    .createQueue(OWN)
                    .enQueue(Mails.defaultMail().name("own").build());

            assertThat(step.made()).isEmpty();
            assertThat(spool.getSize()).isEqualTo(1);
            assertThat(queues.factory.createQueue(OWN).getSize()).isEqualTo(1);
        } finally {
            other.shutdownNow();
        }
    }

    @Test
    void aQueueOfItsOwnIsThereAgainAfterARestart() throws Exception {
        queues.factory.createQueue(OWN).enQueue(Mails.defaultMail().name("kept").build());

        queues.close();
        open();

        assertThat(queues.factory.listCreatedMailQueues()).containsOnly(OWN, SpoolMailQueueFactory.SPOOL);
        ManageableMailQueue found = queues.factory.getQueue(OWN).orElseThrow();
        assertThat(first(found).getMail().getName()).isEqualTo("kept");
    }

    @Test
    void aMailThatWasOutWhenTheServerStoppedIsDueAgain() throws Exception {
        spool.enQueue(Mails.defaultMail().name("out").build());
        first(spool);

        queues.close();
        open();

        assertThat(first(spool).getMail().getName()).isEqualTo("out");
    }

    @Test
    void aRejectedMailIsHeldForAnOperator() throws Exception {
        spool.enQueue(Mails.defaultMail().name("rejected").build());
        first(spool).done(CompletionStatus.REJECT);
        spool.flush();
        spool.enQueue(Mails.defaultMail().name("next").build());

        assertThat(first(spool).getMail().getName()).isEqualTo("next");
        assertThat(envelopes(BrowseFilter.ALL.withHeld(true)))
                .hasSize(2)
                .allSatisfy(
                        item -> assertThat(item.envelope().details().reason()).contains("rejected"));
    }

    @Test
    void theFirstWordAboutAMailCounts() throws Exception {
        spool.enQueue(Mails.defaultMail().name("done").build());
        MailQueueItem item = first(spool);

        item.done(CompletionStatus.SUCCESS);
        item.done(CompletionStatus.RETRY);

        assertThat(spool.getSize()).isZero();
    }

    @Test
    void holdsAnEnvelopeThatNoMailCanBeMadeOfAndGoesOn() throws Exception {
        spool.enQueue(Mails.defaultMail().name("broken").build());
        for (Claim claim : queues.server.claim(Stage.CHAIN, 10, Duration.ofMinutes(1))) {
            SpoolWait.commit(
                    queues.server,
                    new Changes().update(claim, claim.envelope().details().withState(OpaqueState.ofText("?"))));
        }
        spool.enQueue(Mails.defaultMail().name("next").build());

        assertThat(first(spool).getMail().getName()).isEqualTo("next");
        assertThat(envelopes(BrowseFilter.ALL.withHeld(true))).hasSize(2);
        assertThat(spool.browse()).toIterable().hasSize(1);
        assertThat(spool.remove(Type.Name, "broken")).isZero();
    }

    @Test
    void aMailWithoutRecipientsIsNothingToTheSpool() throws Exception {
        spool.enQueue(Mails.defaultMailNoRecipient().name("nobody").build());

        assertThat(spool.getSize()).isZero();
    }

    @Test
    void whatAnAdministratorRemovesCanBeRestored() throws Exception {
        spool.enQueue(Mails.defaultMail().name("removed").build());

        assertThat(spool.remove(Type.Name, "removed")).isEqualTo(1);

        assertThat(spool.getSize()).isZero();
        assertThat(envelopes(BrowseFilter.ALL.onlyRemoved())).hasSize(2);
    }

    @Test
    void outgoingShowsFlushesAndRemovesWhatWaitsForDelivery() throws Exception {
        ManageableMailQueue outgoing = queues.factory.createQueue(SpoolMailQueueFactory.OUTGOING);
        spool.enQueue(Mails.defaultMail().name("sent").build());
        for (Claim claim : queues.server.claim(Stage.CHAIN, 10, Duration.ofMinutes(1))) {
            SpoolWait.commit(
                    queues.server,
                    new Changes()
                            .update(
                                    claim,
                                    claim.envelope()
                                            .details()
                                            .withStage(Stage.DELIVERY)
                                            .withNextAttempt(queues.server.now().plusSeconds(3600))));
        }

        assertThat(outgoing.getSize()).isEqualTo(1);
        assertThat(outgoing.browse().next().getMail().getName()).isEqualTo("sent");
        assertThat(outgoing.flush()).isEqualTo(1);
        assertThat(queues.server.awaitDue(Stage.DELIVERY, Duration.ZERO)).isTrue();
        assertThat(outgoing.clear()).isEqualTo(1);
        assertThat(outgoing.getSize()).isZero();
        assertThatThrownBy(() -> outgoing.enQueue(Mails.defaultMail().name("x").build()))
                .isInstanceOf(MailQueueException.class)
                .hasMessageContaining("outgoing");
        assertThatThrownBy(() -> Flux.from(outgoing.deQueue()).blockFirst(DEADLINE))
                .hasCauseInstanceOf(MailQueueException.class);
    }

    @Test
    void whoWaitsForAMailIsToldWhenTheQueuesClose() throws Exception {
        var end = Flux.from(spool.deQueue()).collectList().toFuture();

        queues.close();

        assertThat(end.get(DEADLINE.toSeconds(), SECONDS)).isEmpty();
        open();
    }

    @Test
    void anAskedForMailIsNotTakenBeforeItIsAskedFor() throws Exception {
        spool.enQueue(Mails.defaultMail().name("one").build());
        spool.enQueue(Mails.defaultMail().name("two").build());

        List<MailQueueItem> taken =
                Flux.from(spool.deQueue()).take(1).collectList().block(DEADLINE);

        assertThat(taken).hasSize(1);
        assertThat(queues.server.status().claimed()).isEqualTo(2);
    }

    private static MailQueueItem first(ManageableMailQueue queue) {
        return Flux.from(queue.deQueue()).blockFirst(DEADLINE);
    }

    private List<Page.Entry.Item> envelopes(BrowseFilter filter) throws SpoolException {
        return queues.server.browse(filter, java.util.Optional.empty(), 100).entries().stream()
                .map(Page.Entry.Item.class::cast)
                .toList();
    }
}
