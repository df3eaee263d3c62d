package org.relais.testkit.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.relais.testkit.smtp.ScriptedSmtpServer.scriptedServer;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.relais.testkit.dialogue.SmtpDialogue;
import org.relais.testkit.mail.Mails;
import org.relais.testkit.mail.OctetComparison;

@Timeout(60)
class ScriptedSmtpServerTest {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final byte[] MAIL = Mails.seeded(1).plain().content();

    @Test
    void acceptsAMailAndKeepsItsEnvelopeAndOctets() {
        try (var server = scriptedServer().acceptsEverything().start();
                var smtp = SmtpDialogue.greeted(server.port())) {
            smtp.ask("MAIL FROM:<alice@example.org> BODY=8BITMIME SIZE=12", "250");
            smtp.ask("RCPT TO:<bob@example.org>", "250");
            smtp.ask("RCPT TO:<carol@example.org>", "250");
            smtp.ask("DATA", "354");
            smtp.content(Mails.seeded(1).dots().content()).expect("250");
            smtp.quit();

            ReceivedMail mail = server.awaitMail(SOON);
            assertThat(mail.helo()).isEqualTo("client.test");
            assertThat(mail.reversePath()).isEqualTo("alice@example.org");
            assertThat(mail.mailParameters()).containsExactly("BODY=8BITMIME", "SIZE=12");
            assertThat(mail.forwardPaths()).containsExactly("bob@example.org", "carol@example.org");
            OctetComparison.identical().of(Mails.seeded(1).dots().content(), mail.content());
            assertThat(server.transcript()).containsSubsequence("RCPT TO:<bob@example.org>", "DATA", "QUIT");
        }
    }

    @Test
    void closesBehindAGreetingOf421() {
        try (var server = scriptedServer().greets("421 4.3.2 closing").start();
                var smtp = SmtpDialogue.connect(server.port())) {
            smtp.expect("421 4.3.2");
            smtp.expectClosed();
        }
    }

    @Test
    void givesSuccessiveAnswersOverAllConnectionsAndTheLastForEver() {
        try (var server = scriptedServer()
                .on(Stage.MAIL, Answer.reply("451 4.3.0 not now"), Answer.reply("250 2.1.0 Ok"))
                .start()) {
            try (var first = SmtpDialogue.greeted(server.port())) {
                first.ask("MAIL FROM:<>", "451");
            }
            try (var second = SmtpDialogue.greeted(server.port())) {
                second.ask("MAIL FROM:<>", "250");
                second.ask("RSET", "250");
                second.ask("MAIL FROM:<>", "250");
            }
        }
    }

    @Test
    void refusesOneRecipientAndTakesTheOther() {
        try (var server = scriptedServer()
                        .onRecipient("no@example.org", Answer.reply("550 5.1.1 unknown"))
                        .start();
                var smtp = SmtpDialogue.greeted(server.port())) {
            smtp.ask("MAIL FROM:<>", "250");
            smtp.ask("RCPT TO:<no@example.org>", "550 5.1.1");
            smtp.ask("RCPT TO:<yes@example.org>", "250");
            smtp.ask("DATA", "354");
            smtp.content(MAIL).expect("250");

            assertThat(server.awaitMail(SOON).forwardPaths()).containsExactly("yes@example.org");
        }
    }

    @Test
    void answersLateInSeveralLinesAndOctetByOctet() {
        try (var server = scriptedServer()
                        .on(
                                Stage.EHLO,
                                Answer.reply("250-scripted.test", "250-SIZE 1000", "250 8BITMIME")
                                        .after(Duration.ofMillis(30))
                                        .byteWise())
                        .start();
                var smtp = SmtpDialogue.connect(server.port())) {
            smtp.expect("220");

            assertThat(smtp.ask("EHLO client.test", "250").capabilities()).containsExactly("SIZE 1000", "8BITMIME");
        }
    }

    @Test
    void goesAwayWithoutAWordWhereTheScriptSaysSo() {
        try (var server = scriptedServer()
                .on(Stage.CONTENT, Answer.close())
                .on(Stage.NOOP, Answer.reset())
                .start()) {
            try (var smtp = SmtpDialogue.greeted(server.port())) {
                smtp.ask("MAIL FROM:<>", "250");
                smtp.ask("RCPT TO:<bob@example.org>", "250");
                smtp.ask("DATA", "354");
                smtp.content(MAIL).expectClosed();
            }
            try (var smtp = SmtpDialogue.greeted(server.port())) {
                smtp.send("NOOP").expectClosed();
            }
            assertThat(server.mailCount()).isZero();
        }
    }

    @Test
    void vanishesWithinTheContent() {
        try (var server = scriptedServer().vanishesInContentAfter(100).start();
                var smtp = SmtpDialogue.greeted(server.port())) {
            smtp.ask("MAIL FROM:<>", "250");
            smtp.ask("RCPT TO:<bob@example.org>", "250");
            smtp.ask("DATA", "354");
            smtp.sendRaw("x".repeat(200)).expectClosed();
        }
    }

    @Test
    void speaksStartTlsAndForgetsWhatWasSaidBefore() {
        try (var server = scriptedServer().offersStartTls().start();
                var smtp = SmtpDialogue.greeted(server.port())) {
            smtp.ask("MAIL FROM:<>", "250");
            smtp.startTls();
            smtp.ask("RCPT TO:<bob@example.org>", "503");
            assertThat(smtp.ask("EHLO client.test", "250").capabilities()).doesNotContain("STARTTLS");
            smtp.submit("", "bob@example.org", MAIL);

            assertThat(server.awaitMail(SOON).tls())
                    .hasValueSatisfying(v -> assertThat(v).startsWith("TLSv1."));
        }
    }

    @Test
    void speaksImplicitTlsAndKnowsItsUsers() {
        try (var server = scriptedServer()
                        .speaksImplicitTls()
                        .knows("alice", "secret")
                        .start();
                var smtp = SmtpDialogue.connectTls(server.port())) {
            smtp.expect("220");
            assertThat(smtp.ask("EHLO client.test", "250").capabilities()).contains("AUTH PLAIN LOGIN");
            smtp.authPlain("alice", "wrong").expect("535");
            assertThat(smtp.authLogin("alice", "secret").code()).isEqualTo(235);
            smtp.submit("alice@example.org", "bob@example.org", MAIL);

            assertThat(server.awaitMail(SOON).user()).contains("alice");
            assertThat(smtp.transcript()).doesNotContain("secret");
        }
    }

    @Test
    void answersEachLmtpRecipientBehindTheContent() {
        try (var server = scriptedServer()
                        .speaksLmtp()
                        .on(Stage.CONTENT, Answer.reply("250 2.0.0 Ok"), Answer.reply("452 4.2.2 full"))
                        .start();
                var lmtp = SmtpDialogue.connect(server.port())) {
            lmtp.expect("220");
            lmtp.ask("LHLO client.test", "250");
            lmtp.ask("MAIL FROM:<>", "250");
            lmtp.ask("RCPT TO:<bob@example.org>", "250");
            lmtp.ask("RCPT TO:<carol@example.org>", "250");
            lmtp.ask("DATA", "354");
            lmtp.content(MAIL).expect("250");
            lmtp.expect("452");

            assertThat(server.awaitMail(SOON).forwardPaths()).containsExactly("bob@example.org");
        }
    }

    @Test
    void keepsByteForByteWhatComesPipelinedInOnePacket() {
        try (var sink = ByteSink.start("PIPELINING");
                var smtp = SmtpDialogue.greeted(sink.port())) {
            smtp.sendTogether(
                    "MAIL FROM:<>", "RCPT TO:<bob@example.org>", "DATA", "a bare\nLF\n.\n", "..x", ".", "QUIT");
            List.of("250", "250", "354", "250", "221").forEach(smtp::expect);

            assertThat(sink.awaitMail(SOON).text()).isEqualTo("a bare\nLF\n.\n\r\n.x\r\n");
        }
    }

    @Test
    void keepsOnlyTheFirstOctetsButCountsAllWhenTold() {
        try (var sink = ByteSink.startKeepingFirst(10);
                var smtp = SmtpDialogue.greeted(sink.port())) {
            smtp.submit("", "bob@example.org", MAIL);

            ReceivedMail mail = sink.awaitMail(SOON);
            assertThat(mail.content()).hasSize(10);
            assertThat(mail.size()).isEqualTo(MAIL.length);
        }
    }

    @Test
    void aMailThatDoesNotComeShowsTheDialogue() {
        try (var sink = ByteSink.start();
                var smtp = SmtpDialogue.greeted(sink.port())) {
            smtp.ask("NOOP", "250");

            assertThatThrownBy(() -> sink.awaitMail(Duration.ofMillis(20)))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("C: EHLO client.test\n")
                    .hasMessageContaining("S: 250 2.0.0 Ok\n");
        }
    }

    @Test
    void leavesNoThreadBehind() throws InterruptedException {
        try (var server = scriptedServer().start()) {
            var smtp = SmtpDialogue.greeted(server.port());
            server.close();
            smtp.expectClosed();
            smtp.close();
        }

        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().startsWith("scripted-smtp")) {
                thread.join(SOON.toMillis()); // the pool has let go of it; it may still be on its last step
                assertThat(thread.isAlive()).isFalse();
            }
        }
    }

    @Test
    void textOfAMailIsOneCharacterForEachOctet() {
        byte[] content = "\u00e9".getBytes(StandardCharsets.UTF_8);

        assertThat(new ReceivedMail(
                                1,
                                "",
                                java.util.Optional.empty(),
                                java.util.Optional.empty(),
                                "",
                                List.of(),
                                List.of(),
                                2,
                                content)
                        .text())
                .hasSize(2);
    }
}
