package org.relais.administration.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.relais.administration.fake.InMemoryQueue;
import org.relais.administration.json.JsonReader;
import org.relais.administration.port.QueueDamage;
import org.relais.administration.port.QueueSelection;
import org.relais.administration.port.QueuedEnvelope.Status;
import org.relais.administration.port.Refusal;
import org.relais.administration.port.SpoolVerification;

class QueueCommandTest extends QueueCommandFixture {
    private static final QueueDamage DAMAGE = new QueueDamage("log/00000001.seg", 4711, "envelope 12", "Q7");

    @Test
    void listsAnEnvelopeInOneLineFitForATerminal() {
        queue.add("Q1", "bob@example.org");

        var done = relais("queue", "list");

        assertThat(done.status()).isZero();
        assertThat(done.out())
                .hasLineCount(1)
                .matches("Q1 +chain +due +2 h +1.3 KiB  <sender@example.net> <bob@example.org>, 2 attempts: "
                        + "451 4.7.1 later\\?\\[31m\n");
    }

    @Test
    void printsTheCommandForTheNextPage() {
        for (int i = 1; i <= 5; i++) {
            queue.add("Q" + i, "bob@example.org");
        }

        var first = relais("queue", "list", "--limit", "2", "--destination", "example.org", "--reason", "not now");
        var second = relais(first.out()
                .lines()
                .reduce((a, b) -> b)
                .orElseThrow()
                .substring("more: relais ".length())
                .replace("'not now'", "later")
                .split(" "));

        assertThat(first.out())
                .hasLineCount(3)
                .contains("more: relais queue list --limit 2 --after 2 --destination example.org --reason 'not now'");
        assertThat(second.out().lines().toList().get(0)).startsWith("Q3 ");
    }

    @Test
    void listsAllPagesAsOneJsonObject() throws Exception {
        for (int i = 0; i < 2345; i++) {
            queue.add("Q" + i, "bob@example.org");
        }

        var done = relais("queue", "list", "--all", "--json");

        var object = JsonReader.readObject(done.out());
        assertThat(Answers.objects(object, "envelopes"))
                .hasSize(2345)
                .extracting(envelope -> envelope.get("id"))
                .doesNotHaveDuplicates();
        assertThat(object).containsEntry("next", null);
    }

    @Test
    void listsWhatIsDamagedFirst() {
        queue.damages.add(DAMAGE);
        queue.add("Q1", "bob@example.org");

        assertThat(relais("queue", "list").out().lines().toList().get(0))
                .isEqualTo("damaged: log/00000001.seg:4711: envelope 12, queue id Q7");
    }

    @Test
    void passesEveryConditionOn() {
        relais(
                "queue",
                "list",
                "A",
                "B",
                "--stage",
                "delivery",
                "--destination",
                "example.org",
                "--sender",
                "<>",
                "--recipient",
                "a+b@example.org",
                "--reason",
                "4.7.1 später & co",
                "--older",
                "2h",
                "--newer",
                "P3D",
                "--held",
                "--removed");

        assertThat(queue.selections)
                .last()
                .isEqualTo(new QueueSelection(
                        List.of("A", "B"),
                        QueueSelection.Stage.DELIVERY,
                        "example.org",
                        "",
                        "a+b@example.org",
                        "4.7.1 später & co",
                        Duration.ofHours(2),
                        Duration.ofDays(3),
                        true,
                        true,
                        null));
    }

    @ParameterizedTest
    @CsvSource({
        "--stage nowhere,there is no stage 'nowhere' — chain or delivery",
        "--older soon,older: 'soon' is not a duration — write 90s",
        "--limit 0,limit: '0' is out of range",
        "--limit 1001,limit: '1001' is out of range",
        "--after -1,after: '-1' is out of range",
        "a/b,'a/b' is no queue id"
    })
    void refusesOddConditionsInOneLine(String arguments, String start) {
        var done = relais(("queue list " + arguments).split(" "));

        assertThat(done.status()).isEqualTo(1);
        assertThat(done.err()).startsWith(start).hasLineCount(1);
        assertThat(done.out()).isEmpty();
    }

    @Test
    void showsAllOfAMail() {
        queue.add("Q1", "bob@example.org");
        queue.add("Q1", "eve@example.org");

        assertThat(relais("queue", "show", "Q1").out())
                .contains("mail Q1", "envelope 1: <sender@example.net> to <bob@example.org>", "envelope 2:")
                .contains("attribute spam: {\"value\":true}", "own field: X-Own: yes", "  Subject: hëllo");
        assertThat(relais("queue", "show", "Q1", "--json").out()).startsWith("{\"id\":\"Q1\"");
        var unknown = relais("queue", "show", "NONE");
        assertThat(unknown.status()).isEqualTo(1);
        assertThat(unknown.err()).isEqualTo("there is no mail NONE in the spool — relais queue list\n");
    }

    @Test
    void printsTheOctetsOfAMessageAsTheyAre() {
        queue.add("Q1", "bob@example.org");

        assertThat(relais("queue", "show", "Q1", "--message").octets())
                .isEqualTo("Subject: \u00ff\r\n\r\nbody without an end".getBytes(StandardCharsets.ISO_8859_1));
    }

    @Test
    void saysThatAMessageIsNotWhole() {
        queue.add("Q1", "bob@example.org");
        queue.isTorn = true;

        var done = relais("queue", "show", "Q1", "--message");

        assertThat(done.status()).isEqualTo(1);
        assertThat(done.err()).startsWith("not all of it could be read");
    }

    @Test
    void worksInBatchesAndTellsTheSum() throws Exception {
        for (int i = 0; i < 1234; i++) {
            queue.add("Q" + i, i % 2 == 0 ? "bob@example.org" : "bob@example.com");
        }

        var done = relais("queue", "hold", "--destination", "example.org");

        assertThat(done.status()).isZero();
        assertThat(done.out()).isEqualTo("held 617, unchanged 0, busy 0, not found 0\n");
        assertThat(queue.selections)
                .hasSize(2)
                .last()
                .satisfies(selection -> assertThat(selection.asOf())
                        .as("leaves alone what comes meanwhile")
                        .isEqualTo(InMemoryQueue.NOW));
        assertThat(JsonReader.readObject(
                        relais("queue", "release", "--held", "--json").out()))
                .containsEntry("done", 617L);
    }

    @Test
    void failsIfSomethingWasNotDone() {
        queue.add("Q1", "bob@example.org");
        queue.add("Q2", "bob@example.org");
        queue.busy.add(2L);

        var done = relais("queue", "retry", "Q1", "Q2", "Q3");

        assertThat(done.status()).isEqualTo(1);
        assertThat(done.out())
                .startsWith("due 1, unchanged 0, busy 1, not found 1; busy ones are being worked on")
                .contains("there is no Q3");
    }

    @Test
    void asksBeforeItRemovesAndSaysHowToUndoIt() {
        queue.add("Q1", "bob@example.org");
        queue.add("Q2", "bob@example.org");
        typed.add("no");
        typed.add("yes");

        var declined = relais("queue", "remove", "Q1");
        var removed = relais("queue", "remove", "Q1");
        var nobody = relais("queue", "remove", "Q2");
        var restored = relais("queue", "restore", "Q1");

        assertThat(declined.status()).isEqualTo(1);
        assertThat(declined.err())
                .isEqualTo("Remove 1 envelope from the queue? No sender is told. [yes/no] " + "nothing was removed\n");
        assertThat(removed.status()).isZero();
        assertThat(removed.out())
                .isEqualTo("removed 1, unchanged 0, busy 0, not found 0; undo until 2026-11-30T07:00:00Z: "
                        + "relais queue restore Q1\n");
        assertThat(nobody.status()).isEqualTo(2);
        assertThat(nobody.err()).contains("--yes");
        assertThat(restored.out()).startsWith("restored 1,");
        assertThat(queue.statusOf(1)).isEqualTo(Status.DUE);
        assertThat(queue.statusOf(2)).isEqualTo(Status.DUE);
    }

    @Test
    void holdsEverythingUntilToldOtherwise() {
        var held = relais("queue", "hold", "--all");
        boolean isHolding = queue.isHoldingAll;
        var released = relais("queue", "release", "--all");

        assertThat(isHolding).isTrue();
        assertThat(queue.isHoldingAll).isFalse();
        assertThat(held.out()).isEqualTo("holding everything, also what arrives; undo: relais queue release --all\n");
        assertThat(released.out())
                .isEqualTo("holding no longer; 2 envelopes are held one by one: relais queue release --held\n");
    }

    @Test
    void tellsTheAccountsAndFailsIfTheyDoNotAddUp() throws Exception {
        var sound = relais("queue", "stats");
        queue.difference = 1;
        queue.damages.add(DAMAGE);
        var unsound = relais("queue", "stats");

        assertThat(sound.status()).isZero();
        assertThat(sound.out())
                .contains("           7  accepted", "           5  delivered", "the accounts add up", "0.25 fsyncs")
                .contains("           3  to example.org, oldest 25 h");
        assertThat(unsound.status()).isEqualTo(1);
        assertThat(unsound.out()).contains("do not add up: 1 too many came", "queue id Q7");
        assertThat(JsonReader.readObject(relais("queue", "stats", "--json").out()))
                .containsEntry("addsUp", false)
                .containsEntry("difference", 1L);
    }

    @Test
    void takesNoteOfDamage() {
        queue.damages.add(DAMAGE);

        assertThat(relais("queue", "remove", "--damaged", "elsewhere:1", "--yes")
                        .status())
                .isEqualTo(1);
        assertThat(relais("queue", "remove", "--damaged", "log/00000001.seg:4711", "--yes")
                        .out())
                .isEqualTo("took note of 1 damages\n");
        queue.damages.add(DAMAGE);
        assertThat(relais("queue", "remove", "--damaged", "--yes").status()).isZero();
        assertThat(queue.damages).isEmpty();
    }

    @Test
    void drawsABarForWhoLooksOn() {
        for (int i = 0; i < 600; i++) {
            queue.add("Q" + i, "bob@example.org");
        }
        isWatched = true;

        var done = relais("queue", "retry", "--all");

        assertThat(done.err())
                .isEqualTo("\r[" + "#".repeat(25) + " ".repeat(5) + "] 500\r[" + "#".repeat(30) + "] 600\n");
        assertThat(done.out()).isEqualTo("due 600, unchanged 0, busy 0, not found 0\n");
    }

    @Test
    void verifiesWithoutAServerAndNamesEachDamage() throws Exception {
        verification = data -> List.of(
                new SpoolVerification.Report("spool", 2, 10, 4096, 3, List.of(DAMAGE), List.of()),
                new SpoolVerification.Report("queues/slow", 1, 1, 128, 0, List.of(), List.of(DAMAGE)));

        var done = relais("queue", "verify");

        assertThat(done.status()).isEqualTo(1);
        assertThat(done.out())
                .contains("spool/log/00000001.seg:4711: envelope 12, queue id Q7\n")
                .contains("spool: 3 envelopes, 10 records in 2 segments, 4.0 KiB read, 1 damaged")
                .contains("queues/slow/log/00000001.seg:4711: envelope 12, queue id Q7 (harmless");
        assertThat(done.err()).startsWith("1 damage in the spool — ").hasLineCount(1);
        assertThat(JsonReader.readObject(relais("queue", "verify", "--json").out()))
                .containsEntry("sound", false);
    }

    @Test
    void saysWhyItCannotVerify() {
        verification = data -> {
            throw new Refusal(Refusal.Kind.CONFLICT, "a server has it open", "relais stop");
        };

        var done = relais("queue", "verify");

        assertThat(done.status()).isEqualTo(1);
        assertThat(done.err()).isEqualTo("a server has it open — relais stop\n");
    }
}
