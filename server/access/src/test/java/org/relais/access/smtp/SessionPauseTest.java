package org.relais.access.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.relais.model.event.EventField;
import org.relais.model.event.MailEventKind;
import org.relais.spool.SpoolException;

/** What a session does while the spool or the directory is at work. */
class SessionPauseTest {
    private static final String MAIL = "Subject: x\r\n\r\ntext\r\n.\r\n";

    @Test
    void answersNothingBeforeTheMailIsCommitted() {
        var bench = committingLate();

        assertThat(bench.send(MAIL)).isEmpty();

        assertThat(bench.next).isEqualTo(SmtpSession.Next.PAUSE);
        assertThat(bench.intake.mails).isEmpty();
        assertThat(bench.events).isEmpty();
        complete(bench);
        assertThat(bench.resume()).startsWith("250 2.0.0 Ok: queued as ");
        assertThat(bench.events)
                .singleElement()
                .satisfies(event -> assertThat(event.kind()).isEqualTo(MailEventKind.RECEIVED));
    }

    @Test
    void letsCommandsBehindTheDotWaitTheirTurn() {
        var bench = committingLate();

        assertThat(bench.send(
                        MAIL + "MAIL FROM:<a@b.example>\r\nRCPT TO:<bob@example.org>\r\nDATA\r\n" + MAIL + "QUIT\r\n"))
                .isEmpty();
        complete(bench);
        assertThat(bench.resume()).isEmpty();
        assertThat(bench.intake.mails).hasSize(1);
        complete(bench);

        assertThat(bench.resume().split("\r\n"))
                .extracting(line -> line.substring(0, 3))
                .containsExactly("250", "250", "250", "354", "250", "221");
        assertThat(bench.intake.mails).hasSize(2);
        assertThat(bench.next).isEqualTo(SmtpSession.Next.CLOSE);
    }

    @Test
    void letsCommandsBehindTheLastChunkWaitTheirTurn() {
        var bench = SessionBench.of(Role.SMTP).greeted();
        bench.intake.commitsLate = true;

        assertThat(bench.send("MAIL FROM:<a@b.example>\r\nRCPT TO:<bob@example.org>\r\n"
                        + "BDAT 14 LAST\r\nSubject: x\r\n\r\nMAIL FROM:<>\r\n"))
                .isEmpty();
        complete(bench);

        assertThat(bench.resume().split("\r\n"))
                .extracting(line -> line.substring(0, 9))
                .containsExactly("250 2.1.0", "250 2.1.5", "250 2.0.0", "250 2.1.0");
    }

    @Test
    void lmtpAnswersEachRecipientBehindTheCommit() {
        var bench = SessionBench.of(Role.LMTP);
        bench.intake.commitsLate = true;
        bench.say("LHLO c");
        bench.say("MAIL FROM:<a@b.example>");
        bench.say("RCPT TO:<bob@example.org>");
        bench.say("RCPT TO:<alice@example.org>");
        bench.say("DATA");

        assertThat(bench.send(MAIL)).isEmpty();
        fail(bench, new SpoolException.Busy("busy"));

        assertThat(bench.resume().split("\r\n"))
                .hasSize(2)
                .allSatisfy(line -> assertThat(line).startsWith("451 4.3.2"));
    }

    @Test
    void leavesTheMailToTheClientWhenTheCommitFailsLate() {
        var bench = committingLate();
        bench.send(MAIL);

        fail(bench, new SpoolException.Broken("an fsync failed", null));

        assertThat(bench.resume()).startsWith("421 4.3.0");
        assertThat(bench.next).isEqualTo(SmtpSession.Next.CLOSE);
        assertThat(bench.intake.mails).isEmpty();
        assertThat(bench.intake.open).isZero();
    }

    @Test
    void acceptsTheMailOfAClientThatVanishesDuringTheCommit() {
        var bench = committingLate();
        bench.send(MAIL + "NOOP\r\n");

        bench.session.disconnected();
        complete(bench);
        bench.resume();

        assertThat(bench.intake.mails).hasSize(1);
        assertThat(bench.intake.open).isZero();
        assertThat(bench.events)
                .singleElement()
                .satisfies(event -> assertThat(event.kind()).isEqualTo(MailEventKind.RECEIVED));
    }

    @Test
    void endsTheSessionWhenTheCommitIsOverdueAndRecordsWhatBecomesOfIt() {
        var bench = committingLate();
        bench.send(MAIL);

        assertThat(bench.take(bench.session.overdue())).startsWith("421 4.3.2");
        assertThat(bench.next).isEqualTo(SmtpSession.Next.CLOSE);
        complete(bench);
        bench.resume();

        assertThat(bench.events)
                .singleElement()
                .satisfies(event -> assertThat(event.kind()).isEqualTo(MailEventKind.RECEIVED));
    }

    @Test
    void takesNoMoreContentWhileTheSpoolIsBehind() {
        var bench = SessionBench.of(Role.SMTP).greeted().inData();
        bench.intake.writesLate = true;

        String reply = bench.send("Subject: x\r\n\r\n..one\r\n..two\r\n.\r\nNOOP\r\n");
        int writes = 0;
        while (bench.next == SmtpSession.Next.PAUSE) {
            assertThat(reply).isEmpty();
            complete(bench);
            writes++;
            reply = bench.resume();
        }

        assertThat(reply.split("\r\n"))
                .extracting(line -> line.substring(0, 9))
                .containsExactly("250 2.0.0", "250 2.0.0");
        assertThat(writes).isGreaterThan(1);
        assertThat(bench.intake.mails.get(0).received()).isEqualTo("Subject: x\r\n\r\n.one\r\n.two\r\n");
    }

    @Test
    void losesNothingBetweenLateWritesWhereverTheyFall() {
        String content = "Subject: x\n\r\n\ra\n..b\r..c\r\n..\r\n.x\r\r\n";
        for (int cut = 0; cut <= content.length(); cut++) {
            var prompt = SessionBench.normalising().loggedIn().inData();
            var late = SessionBench.normalising().loggedIn().inData();
            late.intake.writesLate = true;
            prompt.send(content + "\r\n.\r\n");

            late.send(content.substring(0, cut));
            finish(late);
            late.send(content.substring(cut) + "\r\n.\r\n");
            finish(late);

            assertThat(late.intake.mails.get(0).received())
                    .isEqualTo(prompt.intake.mails.get(0).received());
        }
    }

    @Test
    void tellsBehindTheDotThatALateWriteFailed() {
        var bench = SessionBench.of(Role.SMTP).greeted().inData();
        bench.intake.writesLate = true;

        bench.send("Subject: x\r\n\r\n");
        fail(bench, new SpoolException.Full("full"));
        assertThat(bench.resume()).isEmpty();

        assertThat(bench.send("more\r\n.\r\n")).startsWith("452 4.3.1");
        assertThat(bench.intake.open).isZero();
    }

    @Test
    void freesTheContentOfAClientThatVanishesDuringAWriteWhenTheWriteIsOver() {
        var bench = SessionBench.of(Role.SMTP).greeted().inData();
        bench.intake.writesLate = true;
        bench.send("Subject: x\r\n\r\n");

        bench.session.disconnected();
        assertThat(bench.intake.open).isEqualTo(1);
        complete(bench);

        assertThat(bench.intake.open).isZero();
        assertThat(bench.resume()).isEmpty();
        assertThat(bench.events)
                .singleElement()
                .satisfies(event -> assertThat(event.field(EventField.REASON)).contains("connection lost in DATA"));
    }

    @Test
    void looksRecipientsUpElsewhereWhereThatMayBlock() {
        var bench = SessionBench.of(Role.SMTP).greeted();
        bench.directory.mayBlock = true;
        bench.doesWorkElsewhere = false;

        assertThat(bench.send("MAIL FROM:<a@b.example>\r\nRCPT TO:<bob@example.org>\r\n"
                        + "RCPT TO:<nobody@example.org>\r\nRCPT TO:<bug@example.org>\r\nNOOP\r\n"))
                .isEmpty();
        String replies = "";
        while (bench.pause instanceof Pause.Elsewhere elsewhere) {
            assertThat(replies).isEmpty();
            elsewhere.work().run();
            replies = bench.resume();
        }

        assertThat(replies.split("\r\n"))
                .extracting(line -> line.substring(0, 9))
                .containsExactly("250 2.1.0", "250 2.1.5", "550 5.1.1", "451 4.3.0", "250 2.0.0");
    }

    @Test
    void checksPasswordsElsewhere() {
        var bench = SessionBench.of(Role.SUBMISSION).encrypted().greeted();
        bench.doesWorkElsewhere = false;

        bench.say("AUTH PLAIN " + SessionBench.plain("alice@example.org", "wonderland"));

        assertThat(bench.pause).isInstanceOf(Pause.Elsewhere.class);
        ((Pause.Elsewhere) bench.pause).work().run();
        assertThat(bench.resume()).startsWith("235 2.7.0");
    }

    @Test
    void keepsNothingOfAClientThatVanishesDuringALookUp() {
        var bench = SessionBench.of(Role.SMTP).greeted();
        bench.directory.mayBlock = true;
        bench.doesWorkElsewhere = false;
        bench.say("MAIL FROM:<a@b.example>");
        bench.say("RCPT TO:<nobody@example.org>");
        Pause.Elsewhere pause = (Pause.Elsewhere) bench.pause;

        bench.session.disconnected();
        pause.work().run();

        assertThat(bench.resume()).isEmpty();
        assertThat(bench.events).isEmpty();
    }

    private static void finish(SessionBench bench) {
        while (bench.next == SmtpSession.Next.PAUSE) {
            complete(bench);
            bench.resume();
        }
    }

    private static SessionBench committingLate() {
        var bench = SessionBench.of(Role.SMTP).greeted().inData();
        bench.intake.commitsLate = true;
        return bench;
    }

    private static void complete(SessionBench bench) {
        next(bench).complete(null);
    }

    private static void fail(SessionBench bench, SpoolException failure) {
        next(bench).completeExceptionally(failure);
    }

    private static CompletableFuture<Void> next(SessionBench bench) {
        return bench.intake.late.remove(0);
    }
}
