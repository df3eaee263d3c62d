package org.relais.testkit.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.relais.testkit.smtp.ScriptedSmtpServer.scriptedServer;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.relais.testkit.smtp.Answer;
import org.relais.testkit.smtp.ByteSink;
import org.relais.testkit.smtp.Stage;

@Timeout(60)
class SmtpLoadTest {
    private static final Duration SOON = Duration.ofSeconds(30);

    @Test
    void everyMailArrivesOnceAndOverTheGivenConnections() {
        try (var sink = ByteSink.startKeepingFirst(100)) {
            LoadResult result = SmtpLoad.start(sink.port(), 300, 5, 2048, "alice@example.org", "bob@example.org")
                    .await(SOON);

            assertThat(result.accepted()).hasSize(300).doesNotHaveDuplicates();
            assertThat(result.refused()).isEmpty();
            assertThat(result.cut()).isEmpty();
            assertThat(sink.mailCount()).isEqualTo(300);
            assertThat(sink.connections()).isEqualTo(5);
            assertThat(sink.mails()).allMatch(m -> m.text().startsWith("X-Load-Id: "));
        }
    }

    @Test
    void tellsWhatWasRefusedAndWhatWasCut() {
        try (var server = scriptedServer()
                .on(Stage.CONTENT, Answer.reply("250 2.0.0 Ok"), Answer.reply("451 4.3.0 no"), Answer.close())
                .start()) {
            LoadResult result = SmtpLoad.start(server.port(), 10, 1, 100, "", "bob@example.org")
                    .await(SOON);

            assertThat(result.accepted()).hasSize(1);
            assertThat(result.refused()).containsExactly("content: 451 4.3.0 no");
            assertThat(result.cut()).hasSize(1);
        }
    }

    @Test
    void aCloseBetweenTransactionsCutsNothing() {
        try (var server = scriptedServer()
                .on(Stage.MAIL, Answer.reply("421 4.3.2 stopping"))
                .start()) {
            LoadResult result = SmtpLoad.start(server.port(), 10, 2, 100, "", "bob@example.org")
                    .await(SOON);

            assertThat(result.refused()).hasSize(2).containsOnly("MAIL: 421 4.3.2 stopping");
            assertThat(result.cut()).isEmpty();
        }
    }
}
