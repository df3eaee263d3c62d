package org.relais.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.relais.testkit.dialogue.ImapDialogue;
import org.relais.testkit.dialogue.Pop3Dialogue;
import org.relais.testkit.dialogue.SmtpDialogue;
import org.relais.testkit.load.LoadResult;
import org.relais.testkit.load.SmtpLoad;
import org.relais.testkit.server.RelaisProcess;
import org.relais.testkit.server.TestHome;

/** SIGTERM lets what is in flight end, and nothing else begin. */
@Timeout(180)
class ShutdownTest {
    /** What the documentation promises under load. */
    private static final Duration PROMISED = Duration.ofSeconds(10);

    @TempDir
    Path folder;

    @Test
    void sigtermUnderLoadCutsNoTransactionAndEndsWithinTenSeconds() {
        var home = TestHome.in(folder.resolve("home")).create();
        try (var relais = RelaisProcess.run(home)) {
            String bob = "bob@" + TestHome.DOMAIN;
            relais.administration().addUser(bob, "a long enough password");
            SmtpLoad load = SmtpLoad.start(home.ports().smtp(), 100_000, 20, 8192, "alice@client.test", bob);
            Awaitility.await().atMost(Site.SOON).until(() -> load.acceptedSoFar() > 500);

            relais.child().terminate();

            assertThat(relais.child().awaitExit(PROMISED)).isIn(0, 143);
            LoadResult result = load.await(Site.SOON);
            assertThat(result.cut()).isEmpty();
            assertThat(result.refused()).allMatch(reply -> reply.startsWith("MAIL: 421"));
        }
    }

    @Test
    void aTransactionInFlightMayEndAndIdleSessionsAreTold() {
        var home = TestHome.in(folder.resolve("home")).create();
        try (var relais = RelaisProcess.run(home)) {
            String bob = "bob@" + TestHome.DOMAIN;
            relais.administration().addUser(bob, "a long enough password");
            try (var inData = SmtpDialogue.greeted(home.ports().smtp());
                    var idle = SmtpDialogue.greeted(home.ports().smtp());
                    var imap = ImapDialogue.connectTls(home.ports().imaps());
                    var pop3 = Pop3Dialogue.connectTls(home.ports().pop3s())) {
                imap.expectLine("* OK");
                pop3.expectLine("+OK");
                inData.ask("MAIL FROM:<alice@client.test>", "250");
                inData.ask("RCPT TO:<" + bob + ">", "250");
                inData.ask("DATA", "354");

                relais.child().terminate();

                idle.expect("421 4.3.2");
                idle.expectClosed();
                imap.expectLine("* BYE");
                imap.expectClosed();
                pop3.expectClosed();
                inData.content("Subject: the last one\r\n\r\n".getBytes()).expect("250 2.0.0");
                assertThat(relais.child().awaitExit(PROMISED)).isIn(0, 143);
            }
        }
    }
}
