package org.relais.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.relais.testkit.dialogue.ImapDialogue;
import org.relais.testkit.dialogue.ManageSieveDialogue;
import org.relais.testkit.dialogue.Pop3Dialogue;
import org.relais.testkit.dialogue.SmtpDialogue;
import org.relais.testkit.dialogue.SmtpReply;

/** Bad input gets a clear reply and leaves the server unharmed: each test ends with a mail that arrives. */
@Timeout(120)
@ExtendWith(SharedSite.class)
class BadInputTest {
    private static final int MEGABYTE = 1024 * 1024;

    private Site site;
    private Site.Account bob;

    @BeforeEach
    void makeAUser(Site shared) {
        site = shared;
        bob = shared.user();
    }

    @AfterEach
    void theServerIsUnharmed() {
        var carol = site.user();
        try (var smtp = SmtpDialogue.greeted(site.ports().smtp())) {
            smtp.submit("alice@client.test", carol.address(), "Subject: still here\r\n\r\n".getBytes());
            smtp.quit();
        }
        site.awaitMails(carol, 1);
    }

    private SmtpDialogue smtp() {
        return SmtpDialogue.greeted(site.ports().smtp()).withPatience(Site.SOON);
    }

    @Test
    void aWrongPasswordAndAnUnknownUserGetTheSameAnswer() {
        assertThat(submissionLogin(bob.address(), "wrong"))
                .startsWith("535 5.7.8")
                .isEqualTo(submissionLogin("nobody@example.org", "wrong"));
        assertThat(imapLogin(bob.address(), "wrong"))
                .startsWith("NO")
                .isEqualTo(imapLogin("nobody@example.org", "wrong"));
        assertThat(pop3Login(bob.address(), "wrong"))
                .startsWith("-ERR")
                .isEqualTo(pop3Login("nobody@example.org", "wrong"));
    }

    private String submissionLogin(String user, String password) {
        try (var smtp = SmtpDialogue.greeted(site.ports().submission()).withPatience(Site.SOON)) {
            smtp.startTls();
            smtp.ask("EHLO client.test", "250");
            return smtp.authPlain(user, password).reply().lastLine();
        }
    }

    private String imapLogin(String user, String password) {
        try (var imap = ImapDialogue.connectTls(site.ports().imaps()).withPatience(Site.SOON)) {
            imap.expectLine("* OK");
            return imap.command("LOGIN \"" + user + "\" \"" + password + "\"").status();
        }
    }

    private String pop3Login(String user, String password) {
        try (var pop3 = Pop3Dialogue.connectTls(site.ports().pop3s()).withPatience(Site.SOON)) {
            pop3.expectLine("+OK");
            pop3.ask("USER " + user, "+OK");
            return pop3.ask("PASS " + password, "");
        }
    }

    @Test
    void noPasswordIsTakenInTheClear() {
        try (var smtp = SmtpDialogue.greeted(site.ports().submission())) {
            assertThat(smtp.authPlain(bob.address(), bob.password()).reply().code())
                    .isIn(530, 538);
        }
        try (var imap = ImapDialogue.connect(site.ports().imap())) {
            imap.expectLine("* OK");
            assertThat(imap.ok("CAPABILITY").lines()).anyMatch(l -> l.contains("LOGINDISABLED"));
            assertThat(imap.command("LOGIN \"" + bob.address() + "\" \"" + bob.password() + "\"")
                            .status())
                    .startsWith("NO");
        }
        try (var pop3 = Pop3Dialogue.connect(site.ports().pop3())) {
            pop3.expectLine("+OK");
            pop3.ask("USER " + bob.address(), "-ERR");
        }
        try (var sieve = ManageSieveDialogue.connect(site.ports().manageSieve())) {
            assertThat(sieve.expectOk()).noneMatch(l -> l.contains("PLAIN"));
        }
    }

    @Test
    void anUnknownRecipientAndARelayAttemptAreRefused() {
        try (var smtp = smtp()) {
            smtp.ask("MAIL FROM:<alice@client.test>", "250");
            smtp.ask("RCPT TO:<nobody@example.org>", "550 5.1.1");
            smtp.ask("RCPT TO:<carol@remote.test>", "550 5.7.1");
            smtp.ask("RCPT TO:<carol%remote.test@example.org>", "55");
            smtp.ask("DATA", "5");
            smtp.quit();
        }
    }

    @Test
    void submissionWithoutALoginIsRefused() {
        try (var smtp = SmtpDialogue.greeted(site.ports().submission())) {
            smtp.ask("MAIL FROM:<" + bob.address() + ">", "530 5.7.0");
        }
    }

    @Test
    void aCommandLineOfAMegabyteIsRefusedAndTheNextIsUnderstood() {
        try (var smtp = smtp()) {
            smtp.sendRaw("NOOP " + "x".repeat(MEGABYTE) + "\r\n");
            smtp.expect("500 5.5.2");
            smtp.ask("NOOP", "250");
            smtp.quit();
        }
    }

    @Test
    void aContentLineOfAMegabyteGetsAReply() {
        try (var smtp = smtp()) {
            SmtpReply reply = smtp.submit(
                    "alice@client.test", bob.address(), ("Subject: long\r\n\r\n" + "x".repeat(MEGABYTE)).getBytes());

            assertThat(reply.code()).isIn(250, 500, 550, 552, 554);
            smtp.ask("NOOP", "250");
            smtp.quit();
        }
    }

    @Test
    void nulInACommandIsRefused() {
        try (var smtp = smtp()) {
            smtp.ask("MAIL FROM:<a\0b@client.test>", "5");
            smtp.ask("NO\0OP", "5");
            smtp.ask("NOOP", "250");
            smtp.quit();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bare\nLF\r\n", "bare\rCR\r\n", "\n.\n", "\r.\r", "\r\n.\n", "\n.\r\n"})
    void aBareCrOrLfInAContentIsRefused(String body) {
        try (var smtp = smtp()) {
            smtp.ask("MAIL FROM:<alice@client.test>", "250");
            smtp.ask("RCPT TO:<" + bob.address() + ">", "250");
            smtp.ask("DATA", "354");
            smtp.sendRaw("Subject: smuggled\r\n\r\ntext" + body + "\r\n.\r\n");
            smtp.expect("550 5.6.0");
            smtp.quit();
        }
        try (var imap = site.imap(bob)) {
            assertThat(imap.select("INBOX")).isZero();
        }
    }

    @Test
    void garbageOnAnyClearPortIsAnsweredOrClosed() {
        byte[] garbage = new byte[4096];
        new Random(7).nextBytes(garbage);
        for (int port : clearPorts()) {
            try (var any = SmtpDialogue.connect(port).withPatience(Site.SOON)) {
                any.sendRaw(garbage).sendRaw("\r\n").endOutput().expectClosed();
            }
        }
    }

    @Test
    void aTlsHandshakeOnAClearPortIsAnsweredOrClosed() {
        byte[] clientHello = new byte[512];
        clientHello[0] = 0x16;
        clientHello[1] = 3;
        clientHello[2] = 1;
        clientHello[3] = 1;
        clientHello[4] = (byte) 0xfb;
        clientHello[5] = 1;
        for (int port : clearPorts()) {
            try (var any = SmtpDialogue.connect(port).withPatience(Site.SOON)) {
                any.sendRaw(clientHello).sendRaw("\r\n").endOutput().expectClosed();
            }
        }
    }

    @Test
    void clearTextOnATlsPortIsClosed() {
        var ports = site.ports();
        for (int port : new int[] {ports.submissions(), ports.imaps(), ports.pop3s()}) {
            try (var any = SmtpDialogue.connect(port).withPatience(Site.SOON)) {
                any.send("EHLO client.test").expectClosed();
            }
        }
    }

    private int[] clearPorts() {
        var ports = site.ports();
        return new int[] {
            ports.smtp(), ports.submission(), ports.lmtp(), ports.imap(), ports.pop3(), ports.manageSieve()
        };
    }

    @Test
    void plaintextBehindStartTlsIsNotTakenAsIfItCameUnderTls() {
        try (var smtp = SmtpDialogue.greeted(site.ports().smtp()).withPatience(Site.SOON)) {
            smtp.sendTogether("STARTTLS", "MAIL FROM:<mallory@client.test>");
            SmtpReply reply = smtp.reply();
            assertThat(reply.code()).isIn(220, 501, 503, 554);
            assertThat(smtp.transcript()).doesNotContain("S: 250 2.1.0");
        }
    }

    @Test
    void aClientThatVanishesInDataLeavesNothing() {
        try (var smtp = smtp()) {
            smtp.ask("MAIL FROM:<alice@client.test>", "250");
            smtp.ask("RCPT TO:<" + bob.address() + ">", "250");
            smtp.ask("DATA", "354");
            smtp.sendRaw("Subject: half\r\n\r\nhalf of a m");
            smtp.vanish();
        }
        try (var smtp = smtp()) {
            smtp.submit("alice@client.test", bob.address(), "Subject: whole\r\n\r\n".getBytes());
            smtp.quit();
        }

        site.awaitMails(bob, 1);
        try (var imap = site.imap(bob)) {
            assertThat(imap.select("INBOX")).isEqualTo(1);
            assertThat(new String(imap.fetch(1))).contains("Subject: whole");
        }
    }

    @Test
    void tenThousandRecipientsAreBounded() {
        try (var smtp = smtp()) {
            smtp.ask("MAIL FROM:<alice@client.test>", "250");
            String all = String.join(
                    "\r\n",
                    IntStream.range(0, 10_000)
                            .mapToObj(i -> "RCPT TO:<" + bob.address() + ">")
                            .toList());
            Thread sender = new Thread(() -> smtp.sendRaw(all + "\r\n"), "ten-thousand-recipients");
            sender.setDaemon(true);
            sender.start();
            int accepted = 0;
            int bounded = 0;
            for (int i = 0; i < 10_000; i++) {
                SmtpReply reply = smtp.reply();
                if (reply.code() == 250) {
                    accepted++;
                } else if (reply.lastLine().startsWith("452 4.5.3")) {
                    bounded++;
                } else {
                    assertThat(reply.code()).isEqualTo(421);
                    break;
                }
            }
            assertThat(accepted).isBetween(100, 1_000);
            assertThat(bounded).isPositive();
        }
    }

    @Test
    void aMailOverTheSizeLimitIsRefusedAtMailWhenSizeTellsIt() {
        try (var smtp = smtp()) {
            assertThat(smtp.ask("EHLO client.test", "250").capabilities()).contains("SIZE " + 40 * MEGABYTE);
            smtp.ask("MAIL FROM:<alice@client.test> SIZE=" + (40 * MEGABYTE + 1), "552 5.3.4");
            smtp.ask("MAIL FROM:<alice@client.test> SIZE=1000", "250");
            smtp.quit();
        }
    }

    @Test
    void aMailOverTheSizeLimitIsRefusedBehindItsContentWhenNothingToldIt() {
        byte[] content = ("Subject: big\r\n\r\n" + ("x".repeat(70) + "\r\n").repeat(600_000)).getBytes();
        try (var smtp = smtp()) {
            assertThat(smtp.submit("alice@client.test", bob.address(), content).lastLine())
                    .startsWith("552 5.3.4");
            smtp.ask("NOOP", "250");
            smtp.quit();
        }
    }

    @Test
    void unknownAndMalformedParametersAreRefused() {
        try (var smtp = smtp()) {
            smtp.ask("MAIL FROM:<alice@client.test> FOO=bar", "555 5.5.4");
            smtp.ask("MAIL FROM:<alice@client.test> SIZE=many", "501 5.5.4");
            smtp.ask("MAIL FROM:<alice@client.test>", "250");
            smtp.ask("RCPT TO:<" + bob.address() + "> FOO=bar", "555 5.5.4");
            smtp.quit();
        }
    }
}
