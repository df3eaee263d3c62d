package org.relais.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.relais.model.QueueId;
import org.relais.spool.Changes;
import org.relais.spool.EnvelopeDetails;
import org.relais.spool.NewEnvelope;
import org.relais.spool.PendingMessage;
import org.relais.spool.Stage;
import org.relais.spool.engine.SpoolSettings;
import org.relais.spool.log.LogSpool;
import org.relais.testkit.server.RelaisProcess;
import org.relais.testkit.server.TestHome;

/** An operator looks after mail that waits in the spool, with the server and without it. */
@Timeout(180)
class QueueCommandTest {
    private static final Duration SOON = Site.SOON;

    @TempDir
    Path folder;

    @Test
    void anOperatorLooksAfterMailThatIsHeld() throws Exception {
        var home = TestHome.in(folder.resolve("home")).create();
        putHeld(home, "Q-ONE", "Subject: one\r\n\r\nwithout an end");
        putHeld(home, "Q-TWO", "Subject: two\r\n\r\n.\r\n");

        try (var relais = RelaisProcess.run(home)) {
            assertThat(run(home, 0, "queue", "list")).contains("Q-ONE", "Q-TWO", "held", "<rcpt@example.com>");
            assertThat(run(home, 0, "queue", "show", "Q-ONE", "--message"))
                    .contains("Subject: one")
                    .endsWith("without an end");
            assertThat(run(home, 0, "queue", "remove", "Q-ONE", "--yes")).contains("removed 1,", "queue restore Q-ONE");
            assertThat(run(home, 0, "queue", "list")).doesNotContain("Q-ONE");
            assertThat(run(home, 0, "queue", "restore", "Q-ONE")).contains("restored 1,");
            assertThat(run(home, 1, "queue", "retry", "Q-NONE")).contains("not found 1");
            assertThat(run(home, 0, "queue", "hold", "--all")).contains("also what arrives");
            assertThat(run(home, 0, "queue", "stats")).contains("the accounts add up", "2  in the spool");
            assertThat(run(home, 0, "status")).contains("everything is held");
            assertThat(run(home, 1, "queue", "verify")).contains("a server has", "relais stop");
            run(home, 0, "stop");
            assertThat(relais.child().awaitExit(SOON)).isZero();
        }

        assertThat(run(home, 0, "queue", "verify")).contains("spool: 2 envelopes", "0 damaged");
        assertThat(run(home, 1, "queue", "list")).contains("not running");
    }

    private static void putHeld(TestHome home, String queueId, String mail) throws Exception {
        var settings = SpoolSettings.in(home.root().resolve("data/spool"));
        try (var spool = LogSpool.open(settings, InstantSource.system(), Runnable::run)) {
            var details = EnvelopeDetails.of(
                            new QueueId(queueId), "sender@example.net", "rcpt@example.com", Stage.DELIVERY)
                    .withHeld(true);
            spool.commit(Changes.append(
                            PendingMessage.of(mail.getBytes(StandardCharsets.US_ASCII)),
                            List.of(NewEnvelope.accepted(details))))
                    .toCompletableFuture()
                    .get(60, TimeUnit.SECONDS);
        }
    }

    private static String run(TestHome home, int status, String... words) {
        try (var command = RelaisProcess.command(home, "", words)) {
            String output = String.join("\n", command.output());
            assertThat(command.awaitExit(SOON)).as(output).isEqualTo(status);
            assertThat(output).doesNotContain("\tat ");
            return output;
        }
    }
}
