package org.relais.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.relais.testkit.dialogue.ImapDialogue;
import org.relais.testkit.dialogue.Pop3Dialogue;
import org.relais.testkit.dialogue.SmtpDialogue;

/** The dialogues of a course book, typed by hand. */
@Timeout(120)
@ExtendWith(SharedSite.class)
class CourseBookTest {

    @Test
    void aMailTypedOverAClearConnectionLandsInTheMailbox(Site site) {
        var bob = site.user();

        try (var smtp = SmtpDialogue.connect(site.ports().smtp())) {
            smtp.expect("220 ");
            smtp.ask("HELO client.test", "250");
            smtp.ask("MAIL FROM:<alice@client.test>", "250");
            smtp.ask("RCPT TO:<" + bob.address() + ">", "250");
            smtp.ask("DATA", "354");
            smtp.send("Subject: from a course book").send("").send("Hello.").send(".");
            smtp.expect("250");
            smtp.quit();
        }

        site.awaitMails(bob, 1);
        try (var imap = site.imap(bob)) {
            imap.select("INBOX");
            assertThat(new String(imap.fetch(1)))
                    .contains("Subject: from a course book\r\n\r\nHello.\r\n")
                    .contains("Return-Path: <alice@client.test>");
        }
    }

    @Test
    void theSecondImapClientSeesTheNewMailWithoutAskingAgain(Site site) {
        var bob = site.user();

        try (var first = site.imap(bob);
                var second = site.imap(bob);
                var smtp = SmtpDialogue.greeted(site.ports().smtp())) {
            assertThat(first.select("INBOX")).isZero();
            assertThat(second.select("INBOX")).isZero();
            String tag = second.idle();

            smtp.submit("alice@client.test", bob.address(), "Subject: new\r\n\r\n.\r\n".getBytes())
                    .isPositive();
            second.await("EXISTS", line -> Site.exists(line) == 1);

            assertThat(second.done(tag).isOk()).isTrue();
            assertThat(second.ok("FETCH 1 (ENVELOPE)").lines()).anyMatch(l -> l.contains("\"new\""));
            assertThat(first.ok("NOOP").lines()).anyMatch(l -> Site.exists(l) == 1);
            smtp.quit();
        }
    }

    @Test
    void aSecondPop3LoginIsRefusedWhileTheFirstIsOpen(Site site) {
        var bob = site.user();

        try (var first = site.pop3(bob)) {
            try (var second = Pop3Dialogue.connectTls(site.ports().pop3s())) {
                second.expectLine("+OK");
                second.ask("USER " + bob.address(), "+OK");
                second.ask("PASS " + bob.password(), "-ERR [IN-USE]");
            }
            first.quit();
        }
        try (var third = site.pop3(bob)) {
            assertThat(third.count()).isZero();
            third.quit();
        }
    }

    @Test
    void submissionImapAndPop3SpeakStartTlsOnTheirClearPorts(Site site) {
        var bob = site.user();

        try (var smtp = SmtpDialogue.greeted(site.ports().submission())) {
            smtp.startTls();
            smtp.ask("EHLO client.test", "250");
            assertThat(smtp.authLogin(bob.address(), bob.password()).code()).isEqualTo(235);
            assertThat(smtp.submit(bob.address(), bob.address(), "Subject: self\r\n\r\n".getBytes())
                            .code())
                    .isEqualTo(250);
            smtp.quit();
        }
        site.awaitMails(bob, 1);
        try (var pop3 = Pop3Dialogue.connect(site.ports().pop3())) {
            pop3.expectLine("+OK");
            pop3.startTls();
            pop3.login(bob.address(), bob.password());
            assertThat(pop3.count()).isEqualTo(1);
            pop3.quit();
        }
        try (var imap = ImapDialogue.connect(site.ports().imap())) {
            imap.expectLine("* OK");
            imap.startTls();
            imap.login(bob.address(), bob.password());
            assertThat(imap.select("INBOX")).isEqualTo(1);
            imap.logout();
        }
    }

    @Test
    void submissionUnderImplicitTlsAndAnAliasWork(Site site) {
        var bob = site.user();
        String alias = "alias-of-" + bob.address();
        site.relais().administration().addAlias(alias, bob.address());

        try (var smtp = SmtpDialogue.connectTls(site.ports().submissions())) {
            smtp.expect("220");
            smtp.ask("EHLO client.test", "250");
            smtp.authPlain(bob.address(), bob.password()).expect("235");
            smtp.submit(bob.address(), alias, "Subject: by an alias\r\n\r\n".getBytes());
            smtp.quit();
        }

        site.awaitMails(bob, 1);
    }

    @Test
    void aMailComesInByLmtp(Site site) {
        var bob = site.user();

        try (var lmtp = SmtpDialogue.connect(site.ports().lmtp())) {
            lmtp.expect("220");
            lmtp.ask("LHLO client.test", "250");
            lmtp.ask("MAIL FROM:<alice@client.test>", "250");
            lmtp.ask("RCPT TO:<" + bob.address() + ">", "250");
            lmtp.ask("RCPT TO:<nobody@example.org>", "550 5.1.1");
            lmtp.ask("DATA", "354");
            lmtp.content("Subject: lmtp\r\n\r\n".getBytes()).expect("250");
            lmtp.quit();
        }

        site.awaitMails(bob, 1);
    }

    @Test
    void aLoggedInUserRelaysThroughTheSmartHost(Site site) {
        var bob = site.user();
        int before = site.sink().mailCount();

        try (var smtp = site.submission(bob)) {
            assertThat(smtp.submit(bob.address(), "carol@remote.test", "Subject: relayed\r\n\r\n.\r\n".getBytes())
                            .lastLine())
                    .startsWith("250 2.0.0 ");
            smtp.quit();
        }

        var mail = site.sink().awaitMails(before + 1, Site.SOON).get(before);
        assertThat(mail.reversePath()).isEqualTo(bob.address());
        assertThat(mail.forwardPaths()).containsExactly("carol@remote.test");
    }
}
