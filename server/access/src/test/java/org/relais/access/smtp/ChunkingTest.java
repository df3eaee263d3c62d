package org.relais.access.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.relais.model.event.EventField;
import org.relais.model.event.MailEventKind;
import org.relais.spool.SpoolException;

/** BDAT (RFC 3030). */
class ChunkingTest {
    private static final String HEADER = "Subject: x\r\n\r\n";

    @Test
    void takesAMailInChunksOctetForOctet() {
        var bench = begun();
        String content = HEADER + ".\r\n..dots\r\n.\r\nQUIT\r\n\0\u00ff no end of line";

        assertThat(bench.send("BDAT 5\r\n" + content.substring(0, 5))).isEqualTo("250 2.0.0 5 octets received");
        assertThat(bench.send("BDAT 0\r\n")).isEqualTo("250 2.0.0 5 octets received");
        String rest = content.substring(5);
        assertThat(bench.send("BDAT " + rest.length() + " LAST\r\n" + rest)).startsWith("250 2.0.0 Ok: queued as ");

        assertThat(bench.intake.mails.get(0).received()).isEqualTo(content);
        assertThat(bench.say("MAIL FROM:<>")).startsWith("250");
    }

    @Test
    void takesChunksWhereverTheInputIsCut() {
        String dialogue = "BDAT 6\r\nSubjecbdat 10 last\r\nt: x\r\n\r\ny\nNOOP\r\n".replace("y\n", "yz");
        for (int cut = 0; cut <= dialogue.length(); cut++) {
            var bench = begun();

            String replies = bench.send(dialogue.substring(0, cut)) + "\n" + bench.send(dialogue.substring(cut));

            assertThat(replies.strip().split("\\s*\n+"))
                    .extracting(line -> line.substring(0, 5))
                    .containsExactly("250 2", "250 2", "250 2");
            assertThat(bench.intake.mails.get(0).received()).isEqualTo("Subject: x\r\n\r\nyz");
        }
    }

    @Test
    void endsAMailWithAnEmptyLastChunk() {
        var bench = begun();
        bench.send("BDAT 14\r\n" + HEADER);

        assertThat(bench.say("BDAT 0 LAST")).startsWith("250 2.0.0 Ok: queued as ");
        assertThat(bench.intake.mails.get(0).received()).isEqualTo(HEADER);
    }

    @Test
    void takesAnEmptyMail() {
        var bench = begun();

        assertThat(bench.say("BDAT 0 LAST")).startsWith("250 2.0.0 Ok: queued as ");
        assertThat(bench.intake.mails).hasSize(1);
    }

    @Test
    void answersAGroupOfCommandsAndChunksInOrder() {
        var bench = SessionBench.of(Role.SMTP).greeted();

        String replies = bench.send("MAIL FROM:<a@b.example>\r\nRCPT TO:<bob@example.org>\r\nBDAT 14\r\n" + HEADER
                + "BDAT 4 LAST\r\ntextQUIT\r\n");

        assertThat(replies.split("\r\n"))
                .extracting(line -> line.substring(0, 9))
                .containsExactly("250 2.1.0", "250 2.1.5", "250 2.0.0", "250 2.0.0", "221 2.0.0");
    }

    /** The octets of a refused chunk are content, whatever they look like. */
    @ParameterizedTest
    @CsvSource({
        "'', 503 5.5.1",
        "'MAIL FROM:<a@b.example>', 503 5.5.1",
        "'MAIL FROM:<a@b.example>|RCPT TO:<nobody@example.org>', 554 5.5.1",
    })
    void throwsTheOctetsOfARefusedChunkAway(String before, String reply) {
        var bench = SessionBench.of(Role.SMTP).greeted();
        for (String command : before.split("\\|")) {
            if (!command.isEmpty()) {
                bench.say(command);
            }
        }

        String replies = bench.send("BDAT 6 LAST\r\nQUIT\r\nBDAT 6\r\nQUIT\r\nNOOP\r\n");

        assertThat(replies.split("\r\n"))
                .extracting(line -> line.substring(0, 9))
                .containsExactly(reply, "503 5.5.1", "250 2.0.0");
        assertThat(bench.intake.mails).isEmpty();
    }

    @Test
    void makesNoMailOfTheChunksBehindARefusedOne() {
        var bench = begun();
        bench.intake.failAt(RecordingIntake.Step.ROOM, new SpoolException.Full("full"));
        assertThat(bench.send("BDAT 14\r\n" + HEADER)).startsWith("452 4.3.1");
        bench.intake.failAt(RecordingIntake.Step.WRITE, new SpoolException.Full("full"));

        assertThat(bench.send("BDAT 6\r\nQUIT\r\n")).startsWith("452 4.3.1");
        assertThat(bench.say("DATA")).startsWith("452 4.3.1");
        assertThat(bench.send("BDAT 6 LAST\r\nQUIT\r\n")).startsWith("452 4.3.1");
        assertThat(bench.intake.open).isZero();
        assertThat(bench.say("MAIL FROM:<>")).startsWith("250");
    }

    /** Nobody knows how much content follows. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "BDAT",
                "BDAT LAST",
                "BDAT -1",
                "BDAT 1x",
                "BDAT 1 FIRST",
                "BDAT 1 LAST x",
                "BDAT 0x10",
                "BDAT 9999999999999999999",
                "BDAT 5\u0001 LAST"
            })
    void endsTheSessionWhereTheSizeCannotBeRead(String command) {
        var bench = begun();

        assertThat(bench.send(command + "\r\nNOOP\r\n")).startsWith("521 5.5.").doesNotContain("250");
        assertThat(bench.next).isEqualTo(SmtpSession.Next.CLOSE);
    }

    @Test
    void doesNotMixChunksWithData() {
        var bench = begun();
        bench.send("BDAT 14\r\n" + HEADER);

        assertThat(bench.say("DATA")).startsWith("503 5.5.1");
        assertThat(bench.say("RCPT TO:<alice@example.org>")).startsWith("503 5.5.1");
        assertThat(bench.say("MAIL FROM:<>")).startsWith("503 5.5.1");
        assertThat(bench.say("BDAT 0 LAST")).startsWith("250 2.0.0 Ok: queued as ");
    }

    @Test
    void refusesWhatIsOverTheLimitFromThatChunkOn() {
        var bench = begun();

        assertThat(bench.send("BDAT 9000\r\n" + HEADER + "a".repeat(8986))).startsWith("250");
        assertThat(bench.send("BDAT 1001\r\n" + "a".repeat(1001))).startsWith("552 5.3.4");
        assertThat(bench.intake.open).isZero();
        assertThat(bench.send("BDAT 6\r\nQUIT\r\n")).startsWith("552 5.3.4");
        assertThat(bench.send("BDAT 6 LAST\r\nQUIT\r\n")).startsWith("552 5.3.4");
        assertThat(bench.intake.mails).isEmpty();
        assertThat(bench.events).singleElement().satisfies(event -> {
            assertThat(event.kind()).isEqualTo(MailEventKind.REFUSED);
            assertThat(event.field(EventField.REASON)).contains("BDAT");
        });
        assertThat(bench.say("MAIL FROM:<>")).startsWith("250");
    }

    @Test
    void throwsAwayAChunkThatIsLargerThanAnyMailMayBe() {
        var bench = begun();

        assertThat(bench.send("BDAT 20000 LAST\r\n" + "QUIT\r\n".repeat(3000))).isEmpty();
        assertThat(bench.send("QUIT\r\n".repeat(333) + "x\n")).startsWith("552 5.3.4");
        assertThat(bench.intake.open).isZero();
        assertThat(bench.say("NOOP")).startsWith("250");
    }

    @Test
    void forgetsTheChunksAtRset() {
        var bench = begun();
        bench.send("BDAT 14\r\n" + HEADER);

        assertThat(bench.say("RSET")).startsWith("250");

        assertThat(bench.intake.open).isZero();
        assertThat(bench.send("BDAT 6 LAST\r\nQUIT\r\n")).startsWith("503 5.5.1");
        assertThat(bench.say("MAIL FROM:<>")).startsWith("250");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\nb", "a\rb", "a\r", "a\n"})
    void refusesABareLineEndingAsBehindData(String body) {
        var bench = begun();
        String content = HEADER + body;

        assertThat(bench.send("BDAT " + content.length() + " LAST\r\n" + content))
                .startsWith("550 5.6.0");
        assertThat(bench.intake.mails).isEmpty();
    }

    @Test
    void knowsACrlfThatTwoChunksShare() {
        var bench = begun();

        bench.send("BDAT 13\r\nSubject: x\r\n\r");

        assertThat(bench.send("BDAT 1 LAST\r\n\n")).startsWith("250 2.0.0 Ok: queued as ");
        assertThat(bench.intake.mails.get(0).received()).isEqualTo(HEADER);
    }

    @ParameterizedTest
    @CsvSource({"'a|rb', 'a|r|nb'", "'a|nb', 'a|r|nb'", "'a|r', 'a|r|n'", "'a|r|n', 'a|r|n'"})
    void normalisesBareLineEndingsOnSubmissionWhereConfigured(String body, String kept) {
        var bench = SessionBench.normalising().loggedIn();
        bench.say("MAIL FROM:<alice@example.org>");
        bench.say("RCPT TO:<bob@example.org>");
        String content = HEADER + body.replace("|r", "\r").replace("|n", "\n");

        assertThat(bench.send("BDAT " + content.length() + " LAST\r\n" + content))
                .startsWith("250");
        assertThat(bench.intake.mails.get(0).received())
                .isEqualTo(HEADER + kept.replace("|r", "\r").replace("|n", "\n"));
    }

    @Test
    void lmtpAnswersTheLastChunkForEachRecipientAndTheOthersOnce() {
        var bench = SessionBench.of(Role.LMTP);
        bench.say("LHLO c");
        bench.say("MAIL FROM:<a@b.example>");
        bench.say("RCPT TO:<bob@example.org>");
        bench.say("RCPT TO:<alice@example.org>");

        assertThat(bench.send("BDAT 14\r\n" + HEADER).split("\r\n")).hasSize(1);
        assertThat(bench.say("BDAT 0 LAST").split("\r\n"))
                .hasSize(2)
                .allSatisfy(line -> assertThat(line).startsWith("250 2.0.0 Ok: queued as "));
    }

    @Test
    void asksForRoomForTheFirstChunk() {
        var bench = begun();
        bench.send("BDAT 14\r\n" + HEADER);
        bench.send("BDAT 14\r\n" + HEADER);

        assertThat(bench.intake.asked).containsExactly(14L);
    }

    @Test
    void tellsAtTheChunkThatTheSpoolFailedAndKeepsNothing() {
        var bench = begun();
        bench.intake.failAt(RecordingIntake.Step.WRITE, new SpoolException.Full("full"));

        assertThat(bench.send("BDAT 14\r\n" + HEADER)).startsWith("452 4.3.1");
        assertThat(bench.intake.open).isZero();
        assertThat(bench.say("BDAT 0 LAST")).startsWith("452 4.3.1");
    }

    @Test
    void queuesNothingWhenTheClientVanishesBetweenChunks() {
        var bench = begun();
        bench.send("BDAT 14\r\n" + HEADER);

        bench.session.disconnected();

        assertThat(bench.intake.mails).isEmpty();
        assertThat(bench.intake.open).isZero();
        assertThat(bench.events)
                .singleElement()
                .satisfies(event -> assertThat(event.field(EventField.REASON)).contains("connection lost in BDAT"));
    }

    private static SessionBench begun() {
        var bench = SessionBench.of(Role.SMTP).greeted();
        bench.say("MAIL FROM:<a@b.example>");
        bench.say("RCPT TO:<bob@example.org>");
        return bench;
    }
}
