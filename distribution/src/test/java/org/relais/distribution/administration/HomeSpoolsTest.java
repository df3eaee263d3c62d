package org.relais.distribution.administration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.relais.administration.port.QueueSelection;
import org.relais.administration.port.Refusal;
import org.relais.administration.port.ServerStatus.Health;
import org.relais.administration.port.SpoolVerification;
import org.relais.distribution.spool.OpenSpool;
import org.relais.model.QueueId;
import org.relais.spool.Changes;
import org.relais.spool.EnvelopeDetails;
import org.relais.spool.NewEnvelope;
import org.relais.spool.PendingMessage;
import org.relais.spool.Stage;
import org.relais.spool.engine.SpoolSettings;

class HomeSpoolsTest {
    @TempDir
    private Path data;

    @Test
    void findsNoSpoolInANewHome() throws Exception {
        assertThat(new HomeSpools().verify(data)).isEmpty();
    }

    @Test
    void verifiesTheSpoolAndThoseOfQueuesAndRepositories() throws Exception {
        fill("spool");
        fill("queues/slow");
        fill("repositories/var/mail/error");

        assertThat(new HomeSpools().verify(data))
                .extracting(SpoolVerification.Report::spool)
                .containsExactly("spool", "queues/slow", "repositories/var/mail/error");
        assertThat(new HomeSpools().verify(data)).allSatisfy(report -> {
            assertThat(report.damages()).isEmpty();
            assertThat(report.envelopes()).isEqualTo(1);
        });
    }

    @Test
    void saysHowToGoOnWhileAServerHasTheSpoolOpen() throws Exception {
        try (OpenSpool open = open("spool")) {
            assertThat(open.spool().damages()).isEmpty();

            assertThatThrownBy(() -> new HomeSpools().verify(data)).isInstanceOfSatisfying(Refusal.class, refusal -> {
                assertThat(refusal.kind()).isEqualTo(Refusal.Kind.CONFLICT);
                assertThat(refusal.remedy()).contains("relais stop", "relais queue stats");
            });
        }
    }

    @Test
    void namesADamagedEnvelopeByItsQueueIdUntilItIsAcknowledged() throws Exception {
        fill("spool");
        Path segment;
        try (var segments = Files.list(data.resolve("spool/log"))) {
            segment = segments.sorted().findFirst().orElseThrow();
        }
        byte[] bytes = Files.readAllBytes(segment);
        bytes[new String(bytes, StandardCharsets.ISO_8859_1).indexOf("sender@example.net")] ^= 1;
        Files.write(segment, bytes);

        var damages = new HomeSpools().verify(data).get(0).damages();
        assertThat(damages).hasSize(1);
        assertThat(damages.get(0).queueId()).isEqualTo("Q-HIT");
        try (OpenSpool open = open("spool")) {
            SpoolQueue queue = new SpoolQueue(open.spool(), Duration.ofDays(7));
            assertThat(queue.list(QueueSelection.ALL, 0, 10).envelopes()).isEmpty();
            assertThat(queue.list(QueueSelection.ALL, 0, 10).damages()).isEqualTo(damages);
            assertThat(SpoolHealth.of(open.spool()).health()).isEqualTo(Health.DEGRADED);
            assertThat(SpoolHealth.of(open.spool()).detail()).contains("queue id Q-HIT");

            assertThat(queue.acknowledge(List.of(damages.get(0).place()))).isEqualTo(1);

            assertThat(SpoolHealth.of(open.spool()).health()).isEqualTo(Health.HEALTHY);
            assertThat(queue.statistics(0).inSpool()).isZero();
            assertThat(queue.statistics(0).addsUp()).isTrue();
        }
    }

    private OpenSpool open(String name) throws Exception {
        Path directory = data.resolve(name);
        Files.createDirectories(directory.getParent());
        return OpenSpool.of(SpoolSettings.in(directory), InstantSource.system());
    }

    private void fill(String name) throws Exception {
        try (OpenSpool open = open(name)) {
            var details =
                    EnvelopeDetails.of(new QueueId("Q-HIT"), "sender@example.net", "bob@example.org", Stage.CHAIN);
            open.spool()
                    .commit(Changes.append(
                            PendingMessage.of("x".getBytes(StandardCharsets.US_ASCII)),
                            List.of(NewEnvelope.accepted(details))))
                    .toCompletableFuture()
                    .get(60, TimeUnit.SECONDS);
        }
    }
}
