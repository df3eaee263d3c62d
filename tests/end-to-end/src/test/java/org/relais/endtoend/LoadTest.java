package org.relais.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.relais.testkit.dialogue.ImapDialogue;
import org.relais.testkit.load.LoadResult;
import org.relais.testkit.load.SmtpLoad;
import org.relais.testkit.server.RelaisProcess;
import org.relais.testkit.server.TestHome;
import org.relais.testkit.smtp.ByteSink;

/** Mails of 8 KiB over 20 connections, into a mailbox and through the smart host: none lost, none twice, no growth. */
@Timeout(1200)
class LoadTest {
    private static final int WARM_UP = 800;
    private static final int CONNECTIONS = 20;
    private static final int SIZE = 8192;
    /** Pools that have as many threads as are needed at once, which end afterwards, and their bounds. */
    private static final Map<String, Long> BY_NEED = Map.of(
            "relais-out-disk", 32L, "boundedElastic", 10L * Runtime.getRuntime().availableProcessors());

    private static final String PASSWORD = "a long enough password";
    private static final Pattern ID = Pattern.compile("(?m)^" + SmtpLoad.ID + ": (\\d+)\r?$");

    @TempDir
    Path folder;

    @Test
    void twoThousandMailsArriveOnceAndThreadsDoNotGrow() {
        carries(2_000, Duration.ofSeconds(90));
    }

    @Test
    @Tag("soak")
    void twentyThousandMailsArriveOnceAndThreadsDoNotGrow() {
        carries(20_000, Duration.ofMinutes(8));
    }

    private void carries(int mails, Duration allowed) {
        try (var sink = ByteSink.startKeepingFirst(1_000, "8BITMIME", "PIPELINING")) {
            var home = TestHome.in(folder.resolve("home"))
                    .smartHost(sink.hostAndPort())
                    .relayFrom("127.0.0.0/8")
                    .create();
            try (var relais = RelaisProcess.run(home)) {
                String bob = "bob@" + TestHome.DOMAIN;
                relais.administration().addUser(bob, PASSWORD);
                // All threads of the bounded pools are there behind a first load.
                into(relais, WARM_UP, bob, allowed);
                into(relais, WARM_UP, "carol@remote.test", allowed);
                sink.awaitMails(WARM_UP, allowed);
                awaitMailbox(home, bob, WARM_UP, allowed);
                Map<String, Long> before = relais.child().threadsByName();

                into(relais, mails, bob, allowed);
                awaitMailbox(home, bob, WARM_UP + mails, allowed);
                into(relais, mails, "carol@remote.test", allowed);
                List<Integer> relayed = sink.awaitMails(WARM_UP + mails, allowed).stream()
                        .skip(WARM_UP)
                        .map(mail -> id(mail.text()))
                        .toList();

                assertThat(relayed).hasSize(mails).doesNotHaveDuplicates();
                Map<String, Long> after = relais.child().threadsByName();
                BY_NEED.forEach((pool, most) ->
                        assertThat(after.getOrDefault(pool, 0L)).as(pool).isLessThanOrEqualTo(most));
                assertThat(others(after))
                        .as("threads, before %s, after %s", before, after)
                        .isLessThanOrEqualTo(others(before) + 2); // the JVM's own come and go
            }
        }
    }

    private static void into(RelaisProcess relais, int mails, String forwardPath, Duration allowed) {
        LoadResult result = SmtpLoad.start(
                        relais.ports().smtp(), mails, CONNECTIONS, SIZE, "alice@client.test", forwardPath)
                .await(allowed);
        assertThat(result.refused()).isEmpty();
        assertThat(result.cut()).isEmpty();
        assertThat(result.accepted()).as(result.toString()).hasSize(mails);
    }

    private static void awaitMailbox(TestHome home, String user, int count, Duration allowed) {
        try (var imap = ImapDialogue.loggedIn(home.ports().imaps(), user, PASSWORD)) {
            imap.withPatience(allowed);
            Awaitility.await(count + " mails in the mailbox")
                    .atMost(allowed)
                    .pollInterval(Duration.ofMillis(100))
                    .until(() -> Site.messages(imap, "INBOX") >= count);
            assertThat(Site.messages(imap, "INBOX")).isEqualTo(count);
        }
    }

    private static long others(Map<String, Long> threads) {
        return threads.entrySet().stream()
                .filter(group -> !BY_NEED.containsKey(group.getKey()))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    private static int id(String text) {
        var matcher = ID.matcher(text);
        assertThat(matcher.find()).as("no " + SmtpLoad.ID + " in " + text).isTrue();
        return Integer.parseInt(matcher.group(1));
    }
}
