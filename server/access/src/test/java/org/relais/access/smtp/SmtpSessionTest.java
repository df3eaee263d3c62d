package org.relais.access.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.relais.access.smtp.RecordingIntake.Step;
import org.relais.model.event.EventField;
import org.relais.model.event.MailEventKind;
import org.relais.spool.SpoolException;

class SmtpSessionTest {
    @Test
    void greetsWithoutAVersion() {
        var bench = SessionBench.of(Role.SMTP);

        assertThat(bench.take(bench.session.greet())).isEqualTo("220 mx.example.org ESMTP Relais");
    }

    @Test
    void announcesEachExtensionOnceAndNoAuthInTheClear() {
        var bench = SessionBench.of(Role.SMTP);

        assertThat(bench.say("EHLO client.example.net").split("\r\n"))
                .containsExactly(
                        "250-mx.example.org",
                        "250-PIPELINING",
                        "250-SIZE 10000",
                        "250-STARTTLS",
                        "250-8BITMIME",
                        "250-ENHANCEDSTATUSCODES",
                        "250-CHUNKING",
                        "250 DSN");
    }

    @Test
    void announcesAuthOnceAndNoStartTlsUnderTls() {
        var bench = SessionBench.of(Role.SUBMISSION).encrypted();

        assertThat(bench.say("EHLO client.example.net").split("\r\n"))
                .containsExactly(
                        "250-mx.example.org",
                        "250-PIPELINING",
                        "250-SIZE 10000",
                        "250-AUTH PLAIN LOGIN",
                        "250-8BITMIME",
                        "250-ENHANCEDSTATUSCODES",
                        "250-CHUNKING",
                        "250 DSN");
    }

    @Test
    void takesTheDialogueOfTheCourseBook() {
        var bench = SessionBench.of(Role.SMTP);

        assertThat(bench.say("HELO crepes.fr")).isEqualTo("250 mx.example.org");
        assertThat(bench.say("MAIL FROM: <alice@crepes.fr>")).isEqualTo("250 2.1.0 Ok");
        assertThat(bench.say("RCPT TO: <bob@example.org>")).isEqualTo("250 2.1.5 Ok");
        assertThat(bench.say("DATA")).isEqualTo("354 End data with <CR><LF>.<CR><LF>");
        bench.say("Do you like ketchup?");
        bench.say("How about pickles?");
        assertThat(bench.say(".")).startsWith("250 2.0.0 Ok: queued as ");
        assertThat(bench.say("QUIT")).isEqualTo("221 2.0.0 mx.example.org closing connection");
        assertThat(bench.next).isEqualTo(SmtpSession.Next.CLOSE);
        assertThat(bench.intake.mails).singleElement().satisfies(mail -> {
            assertThat(mail.received()).isEqualTo("\r\nDo you like ketchup?\r\nHow about pickles?\r\n");
            assertThat(mail.envelope().reversePath().address()).isEqualTo("alice@crepes.fr");
        });
    }

    @Test
    void putsTheTraceFieldOnTopAndLeavesTheContentAsItCame() {
        var bench = SessionBench.of(Role.SMTP).encrypted().greeted().inData();
        String content = "Subject:  odd\r\n\tfolding \r\n\r\n\0\u00ff..\r\nlast";

        String reply = bench.send(content + "\r\n.\r\n");

        String id = reply.substring(reply.lastIndexOf(' ') + 1);
        assertThat(bench.intake.mails.get(0).text())
                .isEqualTo("Received: from client.example.net ([192.0.2.7])\r\n"
                        + "\tby mx.example.org with ESMTPS (TLSv1.3 TLS_AES_256_GCM_SHA384)\r\n"
                        + "\tid " + id + " for <bob@example.org>;\r\n"
                        + "\tTue, 24 Nov 2026 09:05:03 +0000\r\n"
                        + content + "\r\n");
    }

    @Test
    void namesNoForwardPathInTheTraceFieldWhenThereAreSeveral() {
        var bench = SessionBench.of(Role.SMTP).greeted();
        bench.say("MAIL FROM:<>");
        bench.say("RCPT TO:<bob@example.org>");
        bench.say("RCPT TO:<alice@example.org>");
        bench.say("DATA");

        bench.send("Subject: x\r\n\r\n.\r\n");

        assertThat(bench.intake.mails.get(0).text()).doesNotContain("bob").doesNotContain("alice");
    }

    @Test
    void hidesTheAuthenticatedUserInTheTraceField() {
        var bench = SessionBench.of(Role.SUBMISSION).loggedIn().inData();

        bench.send("Subject: x\r\n\r\n.\r\n");

        assertThat(bench.intake.mails.get(0).text()).contains("with ESMTPSA").doesNotContain("alice");
        assertThat(bench.intake.mails.get(0).envelope().session().user()).isEqualTo("alice@example.org");
    }

    @Test
    void recordsTheReceivedMailAsAnEvent() {
        var bench = SessionBench.of(Role.SMTP).greeted().inData();

        bench.send("Subject: x\r\n\r\n.\r\n");

        assertThat(bench.events).singleElement().satisfies(event -> {
            assertThat(event.kind()).isEqualTo(MailEventKind.RECEIVED);
            assertThat(event.queueId())
                    .contains(bench.intake.mails.get(0).envelope().id());
            assertThat(event.reversePath()).contains("carol@example.net");
            assertThat(event.forwardPaths()).containsExactly("bob@example.org");
            assertThat(event.field(EventField.SIZE)).contains("14");
            assertThat(event.field(EventField.CLIENT)).contains("192.0.2.7");
            assertThat(event.field(EventField.HELO)).contains("client.example.net");
            assertThat(event.field(EventField.TLS)).contains("none");
        });
    }

    @Test
    void answersAWholePipelinedMailInOrder() {
        var bench = SessionBench.of(Role.SMTP);

        String replies = bench.send("EHLO c\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<nobody@example.org>\r\n"
                + "RCPT TO:<bob@example.org>\r\nDATA\r\nSubject: x\r\n\r\ntext\r\n.\r\nQUIT\r\n");

        assertThat(replies.replaceAll("250-[^\r]*\r\n", "").split("\r\n"))
                .extracting(line -> line.substring(0, 3))
                .containsExactly("250", "250", "550", "250", "354", "250", "221");
    }

    @ParameterizedTest
    @CsvSource({
        "MAIL FROM:<a@b.example> SMTPUTF8, 555 5.5.4",
        "MAIL FROM:<a@b.example> FOO=bar, 555 5.5.4",
        "MAIL FROM:<a@b.example> NOTIFY=NEVER, 555 5.5.4",
        "MAIL FROM:<a@b.example> AUTH=<>, 555 5.5.4",
        "MAIL FROM:<a@b.example> SIZE=, 501 5.5.4",
        "MAIL FROM:<a@b.example> SIZE=abc, 501 5.5.4",
        "MAIL FROM:<a@b.example> SIZE=-1, 501 5.5.4",
        "MAIL FROM:<a@b.example> SIZE=10001, 552 5.3.4",
        "MAIL FROM:<a@b.example> SIZE=99999999999999999999, 552 5.3.4",
        "MAIL FROM:<a@b.example> BODY=BINARYMIME, 501 5.5.4",
        "MAIL FROM:<a@b.example> SIZE=1 SIZE=2, 501 5.5.4",
        "MAIL FROM:<a@b.example> =x, 501 5.5.4",
        "MAIL FROM:<a@b.example>SIZE=1, 501 5.5.4",
        "MAIL FROM:<a b@example.org>, 501 5.1.7",
        "MAIL FROM:<a@b.example, 501 5.5.4",
        "MAIL FROM:, 501 5.5.4",
        "MAIL, 501 5.5.4",
        "MAIL TO:<a@b.example>, 501 5.5.4",
        "RCPT TO:<bob@example.org>, 503 5.5.1",
        "DATA, 503 5.5.1",
        "EHLO, 501 5.5.4",
        "LHLO x, 500 5.5.1",
        "EXPN staff, 502 5.5.1",
        "VRFY bob, 252 2.5.0",
        "HELP, 214 2.0.0",
        "NOOP x, 250 2.0.0",
        "RSET, 250 2.0.0",
        "FROBNICATE, 500 5.5.2",
        "AUTH PLAIN AGEAYg==, 538 5.7.11",
        "MAIL FROM:<a@b.example> SIZE=10000 BODY=8BITMIME, 250 2.1.0",
        "MAIL FROM:<>, 250 2.1.0",
        "mail from:<a@b.example> size=1 body=7bit, 250 2.1.0",
        "MAIL FROM:a@b.example, 250 2.1.0",
    })
    void answersWithTheCodesOfTheStandards(String command, String reply) {
        var bench = SessionBench.of(Role.SMTP).greeted();

        assertThat(bench.say(command)).startsWith(reply + " ");
    }

    @Test
    void refusesMailBeforeHelo() {
        assertThat(SessionBench.of(Role.SMTP).say("MAIL FROM:<a@b.example>")).startsWith("503 5.5.1");
    }

    @Test
    void refusesASecondMailInTheSameTransaction() {
        var bench = SessionBench.of(Role.SMTP).greeted();
        bench.say("MAIL FROM:<a@b.example>");

        assertThat(bench.say("MAIL FROM:<a@b.example>")).startsWith("503 5.5.1");
        bench.say("RSET");
        assertThat(bench.say("MAIL FROM:<a@b.example>")).startsWith("250");
    }

    @ParameterizedTest
    @CsvSource({
        "RCPT TO:<bob@example.org>, 250 2.1.5",
        "RCPT TO:<list@EXAMPLE.org>, 250 2.1.5",
        "RCPT TO:<postmaster>, 250 2.1.5",
        "RCPT TO:<Postmaster@example.org>, 250 2.1.5",
        "'RCPT TO:<@relay.example:bob@example.org>', 250 2.1.5",
        "RCPT TO:<nobody@example.org>, 550 5.1.1",
        "RCPT TO:<bob%elsewhere.example@example.org>, 550 5.1.1",
        "RCPT TO:<bob@elsewhere.example>, 550 5.7.1",
        "RCPT TO:<bob@[192.0.2.1]>, 550 5.7.1",
        "RCPT TO:<>, 501 5.1.3",
        "RCPT TO:<bob>, 501 5.1.3",
        "RCPT TO:<bob@example.org> RET=FULL, 555 5.5.4",
        "RCPT TO:<bug@example.org>, 451 4.3.0",
    })
    void acceptsOnlyKnownRecipientsOfLocalDomainsFromStrangers(String command, String reply) {
        var bench = SessionBench.of(Role.SMTP).greeted();
        bench.say("MAIL FROM:<a@b.example>");

        assertThat(bench.say(command)).startsWith(reply + " ");
    }

    @Test
    void relaysForListedNetworks() {
        var bench = SessionBench.from("10.1.2.3").greeted();
        bench.say("MAIL FROM:<a@b.example>");

        assertThat(bench.say("RCPT TO:<bob@elsewhere.example>")).startsWith("250");
        assertThat(bench.say("RCPT TO:<nobody@example.org>")).startsWith("550 5.1.1");
    }

    @Test
    void doesNotRelayForLoopbackUnlessListed() {
        var bench = SessionBench.from("127.0.0.1").greeted();
        bench.say("MAIL FROM:<a@b.example>");

        assertThat(bench.say("RCPT TO:<bob@elsewhere.example>")).startsWith("550 5.7.1");
    }

    @Test
    void relaysForWhoLoggedIn() {
        var bench = SessionBench.of(Role.SMTP).loggedIn();
        bench.say("MAIL FROM:<alice@example.org> AUTH=<>");

        assertThat(bench.say("RCPT TO:<bob@elsewhere.example>")).startsWith("250");
        assertThat(bench.say("RCPT TO:<nobody@example.org>")).startsWith("550 5.1.1");
    }

    @Test
    void submissionAsksForALoginBeforeMail() {
        var bench = SessionBench.of(Role.SUBMISSION).greeted();

        assertThat(bench.say("MAIL FROM:<alice@example.org>")).startsWith("530 5.7.0");
        assertThat(bench.encrypted().greeted().say("MAIL FROM:<alice@example.org>"))
                .startsWith("530 5.7.0");
        assertThat(bench.loggedIn().say("MAIL FROM:<alice@example.org>")).startsWith("250");
    }

    @ParameterizedTest
    @EnumSource(
            value = Role.class,
            names = {"SMTP", "SUBMISSION"})
    void refusesAuthInTheClearOnEveryListener(Role role) {
        var bench = SessionBench.of(role).greeted();

        assertThat(bench.say("AUTH PLAIN " + SessionBench.plain("alice@example.org", "wonderland")))
                .startsWith("538 5.7.11");
        assertThat(bench.say("AUTH LOGIN")).startsWith("538 5.7.11");
        assertThat(bench.say("AUTH CRAM-MD5")).startsWith("538 5.7.11");
    }

    @Test
    void takesEveryFormOfLogin() {
        String name = SessionBench.base64("alice@example.org");
        String password = SessionBench.base64("wonderland");
        String plain = SessionBench.plain("alice@example.org", "wonderland");

        var initial = SessionBench.of(Role.SUBMISSION).encrypted().greeted();
        assertThat(initial.say("AUTH plain " + plain)).startsWith("235 2.7.0");
        var asked = SessionBench.of(Role.SUBMISSION).encrypted().greeted();
        assertThat(asked.say("AUTH PLAIN")).isEqualTo("334 ");
        assertThat(asked.say(plain)).startsWith("235");
        var login = SessionBench.of(Role.SUBMISSION).encrypted().greeted();
        assertThat(login.say("AUTH LOGIN")).isEqualTo("334 VXNlcm5hbWU6");
        assertThat(login.say(name)).isEqualTo("334 UGFzc3dvcmQ6");
        assertThat(login.say(password)).startsWith("235");
        var short_ = SessionBench.of(Role.SUBMISSION).encrypted().greeted();
        assertThat(short_.say("AUTH LOGIN " + name)).isEqualTo("334 UGFzc3dvcmQ6");
        assertThat(short_.say(password)).startsWith("235");
    }

    @Test
    void refusesAWrongLoginAndRecordsItWithoutThePassword() {
        var bench = SessionBench.of(Role.SUBMISSION).encrypted().greeted();

        assertThat(bench.say("AUTH PLAIN " + SessionBench.plain("alice@example.org", "looking-glass")))
                .startsWith("535 5.7.8");
        assertThat(bench.events).singleElement().satisfies(event -> {
            assertThat(event.kind()).isEqualTo(MailEventKind.REFUSED);
            assertThat(event.field(EventField.USER)).contains("alice@example.org");
            assertThat(event.field(EventField.STATUS)).contains("5.7.8");
            assertThat(event.toString()).doesNotContain("looking-glass");
        });
    }

    @Test
    void refusesBrokenLoginDialogues() {
        var bench = SessionBench.of(Role.SUBMISSION).encrypted().greeted();

        assertThat(bench.say("AUTH PLAIN %%%")).startsWith("501 5.5.2");
        assertThat(bench.say("AUTH PLAIN " + SessionBench.base64("only-one"))).startsWith("501 5.5.2");
        assertThat(bench.say("AUTH SCRAM-SHA-256")).startsWith("504 5.5.4");
        assertThat(bench.say("AUTH")).startsWith("504 5.5.4");
        bench.say("AUTH LOGIN");
        assertThat(bench.say("*")).startsWith("501 5.7.0");
        bench.say("AUTH LOGIN");
        assertThat(bench.say("x".repeat(20_000))).startsWith("500 5.5.6");
        assertThat(bench.say("NOOP")).startsWith("250");
    }

    @Test
    void forgetsWhatWasSaidBeforeTls() {
        var bench = SessionBench.of(Role.SMTP).greeted();
        bench.say("MAIL FROM:<a@b.example>");

        bench.encrypted();

        assertThat(bench.say("RCPT TO:<bob@example.org>")).startsWith("503");
        assertThat(bench.say("MAIL FROM:<a@b.example>")).startsWith("503");
    }

    @Test
    void endsTheSessionWhenSomethingIsPipelinedBehindStartTls() {
        var bench = SessionBench.of(Role.SMTP).greeted();

        assertThat(bench.send("STARTTLS\r\nMAIL FROM:<evil@example.net>\r\n")).startsWith("503 5.5.1");
        assertThat(bench.next).isEqualTo(SmtpSession.Next.CLOSE);
    }

    @Test
    void refusesAMailOverTheLimitBehindItsData() {
        var bench = SessionBench.of(Role.SMTP).greeted().inData();

        assertThat(bench.send("Subject: x\r\n\r\n" + "a".repeat(10_000) + "\r\n"))
                .isEmpty();
        assertThat(bench.say(".")).startsWith("552 5.3.4");
        assertThat(bench.intake.mails).isEmpty();
        assertThat(bench.intake.open).isZero();
        assertThat(bench.say("NOOP")).startsWith("250");
    }

    @ParameterizedTest
    @CsvSource({"SMTP, 550 5.6.0", "LMTP, 550 5.6.0"})
    void refusesABareLineEndingInTheContent(Role role, String reply) {
        for (String content : new String[] {"a\nb", "a\rb", "a\n.\nMAIL FROM:<evil@example.net>"}) {
            var bench = SessionBench.of(role);
            bench.say((role == Role.LMTP ? "LHLO" : "EHLO") + " c");
            bench.inData();

            assertThat(bench.send("Subject: x\r\n\r\n" + content + "\r\n.\r\n")).startsWith(reply);
            assertThat(bench.intake.mails).isEmpty();
        }
    }

    @Test
    void normalisesBareLineEndingsOnSubmissionWhereConfigured() {
        var bench = SessionBench.normalising().loggedIn().inData();

        assertThat(bench.send("Subject: x\n\na\rb\r\n.\r\n")).startsWith("250");
        assertThat(bench.intake.mails.get(0).received()).isEqualTo("Subject: x\r\n\r\na\r\nb\r\n");
    }

    @Test
    void takesALineOfAMegabyteInTheContent() {
        var bench = SessionBench.of(Role.SMTP).greeted().inData();

        bench.send("x".repeat(1_000_000));

        assertThat(bench.send("\r\n.\r\n")).startsWith("552 5.3.4");
    }

    @Test
    void refusesALineOfAMegabyteAmongTheCommands() {
        var bench = SessionBench.of(Role.SMTP).greeted();

        assertThat(bench.send("x".repeat(1_000_000))).isEmpty();
        assertThat(bench.send("\r\nNOOP\r\n").split("\r\n")).containsExactly("500 5.5.2 Line too long", "250 2.0.0 Ok");
        assertThat(bench.say("MAIL FROM:<" + "x".repeat(3000) + "@b.example>")).startsWith("500 5.5.2");
    }

    @Test
    void answersGarbageAndEndsTheSessionAfterTwentyErrors() {
        var bench = SessionBench.of(Role.SMTP);

        for (int i = 0; i < 19; i++) {
            assertThat(bench.say("\u0001\u00ff\0\u0090")).startsWith("500 5.5.2");
        }
        assertThat(bench.say("\u0001\u00ff\0\u0090")).startsWith("421 4.7.0");
        assertThat(bench.next).isEqualTo(SmtpSession.Next.CLOSE);
    }

    @Test
    void endsTheSessionAfterTwentyUnknownRecipients() {
        var bench = SessionBench.of(Role.SMTP).greeted();
        bench.say("MAIL FROM:<a@b.example>");

        String last = "";
        for (int i = 0; i < 20; i++) {
            last = bench.say("RCPT TO:<nobody" + i + "@example.org>");
        }

        assertThat(last).startsWith("421 4.7.0");
    }

    @Test
    void takesTheRecipientsUpToTheLimitOfTenThousand() {
        var bench = SessionBench.of(Role.SMTP).greeted();
        bench.say("MAIL FROM:<a@b.example>");

        for (int i = 0; i < 100; i++) {
            assertThat(bench.say("RCPT TO:<bob@example.org>")).startsWith("250");
        }
        for (int i = 100; i < 10_000; i++) {
            assertThat(bench.say("RCPT TO:<bob@example.org>")).startsWith("452 4.5.3");
        }
        bench.say("DATA");
        assertThat(bench.send("Subject: x\r\n\r\n.\r\n")).startsWith("250");
        assertThat(bench.intake.mails.get(0).envelope().forwardPaths()).hasSize(1);
    }

    @Test
    void refusesTlsOctetsInTheClear() {
        var bench = SessionBench.of(Role.SMTP);

        assertThat(bench.send("\u0016\u0003\u0001\u0002\0\u0001")).startsWith("500 5.5.2");
        assertThat(bench.next).isEqualTo(SmtpSession.Next.CLOSE);
    }

    @Test
    void endsASessionThatSpeaksHttp() {
        var bench = SessionBench.of(Role.SMTP);

        assertThat(bench.send("POST / HTTP/1.1\r\nMAIL FROM:<evil@example.net>\r\n"))
                .startsWith("421 4.7.0");
        assertThat(bench.next).isEqualTo(SmtpSession.Next.CLOSE);
    }

    static List<Arguments> failures() {
        return List.of(
                Arguments.of(new SpoolException.Full("full"), "452 4.3.1"),
                Arguments.of(new SpoolException.Busy("busy"), "451 4.3.2"),
                Arguments.of(new SpoolException.Broken("broken", null), "421 4.3.0"),
                Arguments.of(new SpoolException.Closed(), "421 4.3.0"),
                Arguments.of(new SpoolException.Unusable("unusable", null), "451 4.3.0"),
                Arguments.of(new IllegalStateException("a bug"), "451 4.3.0"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void leavesTheMailToTheClientWhenTheSpoolFails(Exception failure, String reply) {
        for (RecordingIntake.Step step : new RecordingIntake.Step[] {Step.WRITE, Step.COMMIT}) {
            var bench = SessionBench.of(Role.SMTP).greeted().inData();
            bench.intake.failAt(step, failure);

            assertThat(bench.send("Subject: x\r\n\r\n.\r\n")).startsWith(reply);
            assertThat(bench.next == SmtpSession.Next.CLOSE).isEqualTo(reply.startsWith("421"));
            assertThat(bench.events).singleElement().satisfies(event -> {
                assertThat(event.kind()).isEqualTo(MailEventKind.REFUSED);
                assertThat(event.queueId()).isPresent();
            });
            assertThat(bench.intake.open).isZero();
        }
    }

    static List<Arguments> failuresOfTheSpool() {
        return failures().stream()
                .filter(row -> row.get()[0] instanceof SpoolException)
                .toList();
    }

    @ParameterizedTest
    @MethodSource("failuresOfTheSpool")
    void refusesDataWhenTheSpoolHasNoPlace(Exception failure, String reply) {
        for (String command : new String[] {"DATA", "BDAT 0 LAST"}) {
            var bench = SessionBench.of(Role.SMTP).greeted();
            bench.intake.failAt(Step.ROOM, failure);
            bench.say("MAIL FROM:<a@b.example>");
            bench.say("RCPT TO:<bob@example.org>");

            assertThat(bench.say(command)).startsWith(reply);
            assertThat(bench.next == SmtpSession.Next.CLOSE).isEqualTo(reply.startsWith("421"));
        }
    }

    @Test
    void asksForRoomAtMailWhenTheClientSaysTheSize() {
        var bench = SessionBench.of(Role.SMTP).greeted();
        bench.intake.failAt(Step.ROOM, new SpoolException.Full("full"));

        assertThat(bench.say("MAIL FROM:<a@b.example> SIZE=5000")).startsWith("452 4.3.1");
        assertThat(bench.say("MAIL FROM:<a@b.example>")).startsWith("250");
        assertThat(bench.intake.asked).containsExactly(5000L);
    }

    @Test
    void queuesNothingWhenTheClientVanishesInData() {
        var bench = SessionBench.of(Role.SMTP).greeted().inData();
        bench.send("Subject: x\r\n\r\nhalf a ");

        bench.session.disconnected();

        assertThat(bench.intake.mails).isEmpty();
        assertThat(bench.intake.open).isZero();
        assertThat(bench.events)
                .singleElement()
                .satisfies(event -> assertThat(event.field(EventField.REASON)).contains("connection lost in DATA"));
    }

    @Test
    void saysGoodbyeAtOnceWhenDrainedIdle() {
        var bench = SessionBench.of(Role.SMTP).greeted();

        assertThat(bench.take(bench.session.drain())).startsWith("421 4.3.2");
        assertThat(bench.next).isEqualTo(SmtpSession.Next.CLOSE);
    }

    @Test
    void endsTheTransactionBeforeItDrains() {
        var bench = SessionBench.of(Role.SMTP).greeted().inData();

        assertThat(bench.take(bench.session.drain())).isEmpty();
        String replies = bench.send("Subject: x\r\n\r\n.\r\n");

        assertThat(replies.split("\r\n")).hasSize(2).satisfies(lines -> {
            assertThat(lines[0]).startsWith("250 2.0.0");
            assertThat(lines[1]).startsWith("421 4.3.2");
        });
        assertThat(bench.next).isEqualTo(SmtpSession.Next.CLOSE);
    }

    @Test
    void lmtpAnswersOnceForEachRecipientItAccepted() {
        var bench = SessionBench.of(Role.LMTP);

        assertThat(bench.say("EHLO c")).startsWith("500 5.5.1");
        assertThat(bench.say("LHLO c")).doesNotContain("AUTH");
        bench.say("MAIL FROM:<a@b.example>");
        assertThat(bench.say("DATA")).startsWith("503 5.5.1");
        assertThat(bench.say("RCPT TO:<bob@elsewhere.example>")).startsWith("550 5.7.1");
        assertThat(bench.say("RCPT TO:<nobody@example.org>")).startsWith("550 5.1.1");
        bench.say("RCPT TO:<bob@example.org>");
        bench.say("RCPT TO:<alice@example.org>");
        bench.say("DATA");

        assertThat(bench.send("Subject: x\r\n\r\n.\r\n").split("\r\n"))
                .hasSize(2)
                .allSatisfy(line -> assertThat(line).startsWith("250 2.0.0"));
        assertThat(bench.intake.mails).hasSize(1);
    }
}
