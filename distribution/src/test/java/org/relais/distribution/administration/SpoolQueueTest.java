package org.relais.distribution.administration;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.relais.administration.port.QueueAction;
import org.relais.administration.port.QueueAdministration.QueueOutcome;
import org.relais.administration.port.QueueSelection;
import org.relais.administration.port.QueuedEnvelope;
import org.relais.administration.port.QueuedEnvelope.Status;
import org.relais.administration.port.Refusal;
import org.relais.administration.port.ServerStatus.Health;
import org.relais.distribution.spool.OpenSpool;
import org.relais.model.QueueId;
import org.relais.spool.Changes;
import org.relais.spool.EnvelopeDetails;
import org.relais.spool.NewEnvelope;
import org.relais.spool.PendingMessage;
import org.relais.spool.Spool;
import org.relais.spool.Stage;
import org.relais.spool.engine.SpoolSettings;
import org.relais.spool.mail.DsnRequest;
import org.relais.spool.mail.MailState;
import org.relais.spool.memory.InMemorySpool;

/** The same on every spool. */
class SpoolQueueTest {
    private static final Instant START = Instant.parse("2026-11-23T06:00:00Z");
    private static final Duration RETENTION = Duration.ofDays(7);

    @TempDir
    private Path directory;

    @Nested
    class InMemory extends Cases {
        @Override
        Spool open() {
            return new InMemorySpool(time::get);
        }
    }

    @Nested
    class OnDisk extends Cases {
        private @Nullable OpenSpool opened;

        @Override
        Spool open() throws Exception {
            opened = OpenSpool.of(SpoolSettings.in(directory.resolve("spool")), time::get);
            return opened.spool();
        }

        @AfterEach
        void close() throws Exception {
            if (opened != null) {
                opened.close();
            }
        }
    }

    abstract static class Cases {
        /** The spool's time passes slowly while this one stands: no test counts seconds. */
        final AtomicReference<Instant> time = new AtomicReference<>(START);

        private Spool spool;
        private SpoolQueue queue;

        abstract Spool open() throws Exception;

        @BeforeEach
        void start() throws Exception {
            spool = open();
            queue = new SpoolQueue(spool, RETENTION);
        }

        @Test
        void turnsPagesOverTenThousandEnvelopesWithoutMissingOne() throws Exception {
            for (int mail = 0; mail < 10; mail++) {
                List<NewEnvelope> envelopes = new ArrayList<>();
                for (int i = 0; i < 1000; i++) {
                    envelopes.add(NewEnvelope.accepted(details("Q" + mail + "." + i, "bob@example.org")));
                }
                spool.commit(Changes.append(PendingMessage.of("mail".getBytes(ISO_8859_1)), envelopes))
                        .toCompletableFuture()
                        .get(60, TimeUnit.SECONDS);
            }

            List<String> ids = new ArrayList<>();
            Long after = 0L;
            while (after != null) {
                var page = queue.list(QueueSelection.ALL, after, 777);
                page.envelopes().forEach(envelope -> ids.add(envelope.queueId()));
                after = page.next();
            }

            assertThat(ids).hasSize(10_000).doesNotHaveDuplicates();
            assertThat(queue.list(selection("--destination", "example.com"), 0, 10)
                            .envelopes())
                    .isEmpty();
        }

        @Test
        void tellsAllOfAnEnvelope() throws Exception {
            append(details("Q1", "bob@example.org")
                    .withStage(Stage.DELIVERY)
                    .deferred(START.plusSeconds(600), "451 4.7.1 later"));
            time.set(START.plusSeconds(60));

            QueuedEnvelope envelope =
                    queue.list(QueueSelection.ALL, 0, 10).envelopes().get(0);

            assertThat(envelope.queueId()).isEqualTo("Q1");
            assertThat(envelope.stage()).isEqualTo("delivery");
            assertThat(envelope.status()).isEqualTo(Status.WAITING);
            assertThat(envelope.created()).isBetween(START, START.plusSeconds(59));
            assertThat(envelope.nextAttempt()).isEqualTo(START.plusSeconds(600));
            assertThat(envelope.size()).isEqualTo(23);
            assertThat(envelope.sender()).isEqualTo("sender@example.net");
            assertThat(envelope.recipient()).isEqualTo("bob@example.org");
            assertThat(envelope.attempts()).isEqualTo(1);
            assertThat(envelope.reason()).isEqualTo("451 4.7.1 later");
            assertThat(envelope.origin()).isEqualTo("accepted");
        }

        @Test
        void findsByEachCondition() throws Exception {
            append(details("OLD", "bob@example.org"));
            time.set(START.plusSeconds(240));
            append(details("NEW", "eve@example.com").withReversePath("").withStage(Stage.DELIVERY));
            append(details("HELD", "eve@example.org").withHeld(true).withReason("Greylisted"));

            assertThat(ids(selection("--destination", "EXAMPLE.org"))).containsExactly("OLD", "HELD");
            assertThat(ids(selection("--sender", ""))).containsExactly("NEW");
            assertThat(ids(selection("--recipient", "eve@example.com"))).containsExactly("NEW");
            assertThat(ids(selection("--reason", "greyl"))).containsExactly("HELD");
            assertThat(ids(selection("--older", "PT3M30S"))).containsExactly("OLD");
            assertThat(ids(selection("--newer", "PT3M"))).containsExactly("NEW", "HELD");
            assertThat(ids(selection("--held", ""))).containsExactly("HELD");
            assertThat(ids(selection("--stage", "DELIVERY"))).containsExactly("NEW");
            assertThat(ids(QueueSelection.ALL.withIds(List.of("NEW", "OLD", "NONE"))))
                    .containsExactly("OLD", "NEW");
        }

        @Test
        void turnsPagesOverSeveralNamedMails() throws Exception {
            for (int i = 0; i < 6; i++) {
                append(details("Q" + i % 2, "r" + i + "@example.org"));
            }
            QueueSelection both = QueueSelection.ALL.withIds(List.of("Q1", "Q0"));

            var first = queue.list(both, 0, 4);
            var second = queue.list(both, first.next(), 4);

            assertThat(first.envelopes())
                    .extracting(QueuedEnvelope::recipient)
                    .containsExactly("r0@example.org", "r1@example.org", "r2@example.org", "r3@example.org");
            assertThat(second.envelopes())
                    .extracting(QueuedEnvelope::recipient)
                    .containsExactly("r4@example.org", "r5@example.org");
            assertThat(second.next()).isNull();
        }

        @Test
        void doesEachActionAndTellsWhatCameOfIt() throws Exception {
            append(details("Q1", "bob@example.org").withNextAttempt(START.plusSeconds(600)));
            QueueSelection one = QueueSelection.ALL.withIds(List.of("Q1"));

            assertThat(act(QueueAction.HOLD, one).done()).isEqualTo(1);
            assertThat(act(QueueAction.HOLD, one).unchanged()).isEqualTo(1);
            assertThat(statusOf("Q1")).isEqualTo(Status.HELD);
            assertThat(act(QueueAction.RELEASE, one).done()).isEqualTo(1);
            assertThat(statusOf("Q1")).isEqualTo(Status.WAITING);
            assertThat(act(QueueAction.RETRY, one).done()).isEqualTo(1);
            assertThat(statusOf("Q1")).isEqualTo(Status.DUE);
            QueueOutcome removed = act(QueueAction.REMOVE, one);
            assertThat(removed.done()).isEqualTo(1);
            assertThat(removed.restorableUntil())
                    .isBetween(START.plus(RETENTION), START.plus(RETENTION).plusSeconds(60));
            assertThat(ids(QueueSelection.ALL)).isEmpty();
            assertThat(act(QueueAction.REMOVE, one).unchanged()).isEqualTo(1);
            assertThat(act(QueueAction.RESTORE, one).done()).isEqualTo(1);
            assertThat(act(QueueAction.RESTORE, one).unchanged()).isEqualTo(1);
            assertThat(statusOf("Q1")).isEqualTo(Status.DUE);
        }

        @Test
        void leavesAloneWhatIsBeingWorkedOnAndNamesWhatIsUnknown() throws Exception {
            append(details("Q1", "bob@example.org"));
            spool.claim(Stage.CHAIN, 1, Duration.ofMinutes(1));

            QueueOutcome outcome = act(QueueAction.REMOVE, QueueSelection.ALL.withIds(List.of("Q1", "NONE")));

            assertThat(outcome.done()).isZero();
            assertThat(outcome.busy()).isEqualTo(1);
            assertThat(outcome.missing()).containsExactly("NONE");
            assertThat(statusOf("Q1")).isEqualTo(Status.IN_WORK);
        }

        @Test
        void leavesAloneWhatCameSinceTheFirstBatch() throws Exception {
            append(details("Q1", "bob@example.org"));
            append(details("Q2", "bob@example.org"));
            QueueOutcome first = queue.act(QueueAction.HOLD, QueueSelection.ALL, 0, 1);
            time.set(START.plusSeconds(60));
            append(details("Q3", "bob@example.org"));

            QueueSelection rest =
                    new QueueSelection(List.of(), null, null, null, null, null, null, null, false, false, first.asOf());
            QueueOutcome second = queue.act(QueueAction.HOLD, rest, first.next(), 10);

            assertThat(second.done()).isEqualTo(1);
            assertThat(second.next()).isNull();
            assertThat(statusOf("Q3")).isEqualTo(Status.DUE);
        }

        @Test
        void showsAMailWithItsStateHeaderAndOctets() throws Exception {
            MailState state = new MailState(
                    "Q1.part",
                    "transport",
                    "",
                    "client.example.net",
                    "192.0.2.7",
                    START,
                    Map.of("spam", "{\"value\":5}"),
                    "Received: by us\r\n",
                    List.of("X-Own: yes"),
                    "",
                    null,
                    DsnRequest.NONE);
            append(details("Q1", "bob@example.org").withState(state.encode()));
            append(details("Q1", "eve@example.org"));

            var mail = queue.show("Q1");

            assertThat(mail.isComplete()).isTrue();
            assertThat(mail.parts()).hasSize(2);
            var part = mail.parts().get(0);
            assertThat(part.name()).isEqualTo("Q1.part");
            assertThat(part.processor()).isEqualTo("transport");
            assertThat(part.client()).isEqualTo("192.0.2.7");
            assertThat(part.attributes()).containsEntry("spam", "{\"value\":5}");
            assertThat(part.ownFields()).containsExactly("X-Own: yes");
            assertThat(part.problem()).isEmpty();
            assertThat(mail.parts().get(1).problem()).isNotEmpty();
            assertThat(mail.messages().get(0).header()).isEqualTo("Received: by us\r\nSubject: \ufffd\r\n");
            var content = queue.content("Q1", 0);
            try (var in = content.open()) {
                byte[] octets = in.readAllBytes();
                assertThat(octets)
                        .isEqualTo("Received: by us\r\nSubject: \u00e9\r\n\r\nbody\r\nend".getBytes(ISO_8859_1));
                assertThat(content.size()).isEqualTo(octets.length);
            }
        }

        @Test
        void refusesToShowWhatIsNotThere() {
            assertThatThrownBy(() -> queue.show("NONE"))
                    .isInstanceOf(Refusal.class)
                    .hasMessageContaining("NONE");
            assertThatThrownBy(() -> queue.content("NONE", 0)).isInstanceOf(Refusal.class);
        }

        @Test
        void holdsEverythingAndCountsIt() throws Exception {
            append(details("Q1", "bob@example.org"));
            append(details("Q2", "bob@example.com").withHeld(true));

            queue.holdAll(true);

            var stats = queue.statistics(1);
            assertThat(stats.state().isHoldingAll()).isTrue();
            assertThat(stats.state().held()).isEqualTo(1);
            assertThat(stats.came()).containsEntry("accepted", 2L).containsEntry("dsn", 0L);
            assertThat(stats.left()).containsKeys("delivered", "failed-with-dsn", "failed-silently", "removed");
            assertThat(stats.inSpool()).isEqualTo(2);
            assertThat(stats.addsUp()).isTrue();
            assertThat(stats.byStage()).containsEntry("chain", 2L).containsEntry("delivery", 0L);
            assertThat(stats.destinations()).hasSize(1);
            assertThat(stats.oldest()).isBetween(START, START.plusSeconds(59));
            assertThat(SpoolHealth.of(spool).health()).isEqualTo(Health.DEGRADED);
            queue.holdAll(false);
            assertThat(SpoolHealth.of(spool).health()).isEqualTo(Health.HEALTHY);
        }

        @Test
        void knowsNoDamageOfASoundSpool() throws Exception {
            assertThat(queue.acknowledge(List.of())).isZero();
            assertThat(queue.list(QueueSelection.ALL, 0, 10).damages()).isEmpty();
        }

        private void append(EnvelopeDetails details) throws Exception {
            var stage = spool.commit(Changes.append(
                    PendingMessage.of("Subject: \u00e9\r\n\r\nbody\r\nend".getBytes(ISO_8859_1)),
                    List.of(NewEnvelope.accepted(details))));
            stage.toCompletableFuture().get(60, TimeUnit.SECONDS);
        }

        private static EnvelopeDetails details(String queueId, String recipient) {
            return EnvelopeDetails.of(new QueueId(queueId), "sender@example.net", recipient, Stage.CHAIN);
        }

        private QueueOutcome act(QueueAction action, QueueSelection selection) throws Refusal {
            return queue.act(action, selection, 0, 10);
        }

        private List<String> ids(QueueSelection selection) throws Refusal {
            return queue.list(selection, 0, 100).envelopes().stream()
                    .map(QueuedEnvelope::queueId)
                    .toList();
        }

        private Status statusOf(String queueId) throws Refusal {
            return queue.list(QueueSelection.ALL.withIds(List.of(queueId)), 0, 1)
                    .envelopes()
                    .get(0)
                    .status();
        }

        private static QueueSelection selection(String condition, String value) {
            return new QueueSelection(
                    List.of(),
                    condition.equals("--stage") ? QueueSelection.Stage.valueOf(value) : null,
                    condition.equals("--destination") ? value : null,
                    condition.equals("--sender") ? value : null,
                    condition.equals("--recipient") ? value : null,
                    condition.equals("--reason") ? value : null,
                    condition.equals("--older") ? Duration.parse(value) : null,
                    condition.equals("--newer") ? Duration.parse(value) : null,
                    condition.equals("--held"),
                    false,
                    null);
        }
    }
}
