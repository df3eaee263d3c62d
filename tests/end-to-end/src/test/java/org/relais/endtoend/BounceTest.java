package org.relais.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.relais.testkit.smtp.ScriptedSmtpServer.scriptedServer;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.relais.testkit.dialogue.ImapDialogue;
import org.relais.testkit.dialogue.SmtpDialogue;
import org.relais.testkit.server.RelaisInstance;
import org.relais.testkit.server.TestHome;
import org.relais.testkit.smtp.Answer;

/** What a sender finds in the mailbox about mail that did, or did not, arrive (RFC 3461, RFC 3464). */
@Timeout(120)
class BounceTest {
    private static final String ALICE = "alice@" + TestHome.DOMAIN;
    private static final String BOB = "bob@" + TestHome.DOMAIN;
    private static final String PASSWORD = "a long enough password";

    @TempDir
    Path folder;

    @Test
    void theSenderReadsWhomTheNextHopRefusedAndWhy() throws Exception {
        try (var hop = scriptedServer()
                        .announces("PIPELINING", "8BITMIME", "ENHANCEDSTATUSCODES")
                        .onRecipient("nobody@example.net", Answer.reply("550 5.1.1 no such user here"))
                        .start();
                var relais = RelaisInstance.start(TestHome.in(folder.resolve("home"))
                        .smartHost(hop.hostAndPort())
                        .create())) {
            relais.administration().addUser(ALICE, PASSWORD);
            try (var smtp = SmtpDialogue.authenticated(relais.ports().submission(), ALICE, PASSWORD)
                    .withPatience(Site.SOON)) {
                smtp.ask("MAIL FROM:<" + ALICE + "> RET=HDRS ENVID=QQ+2B314159", "250");
                smtp.ask("RCPT TO:<nobody@example.net> NOTIFY=FAILURE ORCPT=rfc822;Nobody@example.com", "250");
                smtp.ask("RCPT TO:<carol@example.net>", "250");
                smtp.ask("DATA", "354");
                smtp.content(mail("to nobody")).reply();
                smtp.quit();
            }

            String dsn = onlyMail(relais, ALICE);

            assertThat(dsn)
                    .startsWith("Return-Path: <>\r\n")
                    .contains(
                            "\r\nTo: <" + ALICE + ">\r\n",
                            "\r\nAuto-Submitted: auto-replied\r\n",
                            "\r\nOriginal-Envelope-Id: QQ+314159\r\n",
                            "\r\nReporting-MTA: dns; " + TestHome.HOSTNAME + "\r\n",
                            "\r\n\r\nOriginal-Recipient: rfc822; Nobody@example.com\r\n"
                                    + "Final-Recipient: rfc822; nobody@example.net\r\n"
                                    + "Action: failed\r\n"
                                    + "Status: 5.1.1\r\n"
                                    + "Remote-MTA: dns; [127.0.0.1]\r\n"
                                    + "Diagnostic-Code: smtp; 550 5.1.1 no such user here\r\n"
                                    + "Last-Attempt-Date: ",
                            "\r\nSubject: to nobody\r\n")
                    .containsOnlyOnce("Final-Recipient:")
                    .doesNotContain("the body of it");
            assertThat(hop.awaitMail(Site.SOON).forwardPaths()).containsExactly("carol@example.net");
        }
    }

    @Test
    void whoAskedReadsThatTheMailIsInTheMailbox() throws Exception {
        try (var relais =
                RelaisInstance.start(TestHome.in(folder.resolve("home")).create())) {
            relais.administration().addUser(ALICE, PASSWORD);
            relais.administration().addUser(BOB, PASSWORD);
            try (var smtp = SmtpDialogue.authenticated(relais.ports().submission(), ALICE, PASSWORD)
                    .withPatience(Site.SOON)) {
                smtp.ask("MAIL FROM:<" + ALICE + "> RET=FULL", "250");
                smtp.ask("RCPT TO:<" + BOB + "> NOTIFY=SUCCESS", "250");
                smtp.ask("DATA", "354");
                smtp.content(mail("to Bob")).reply();
                smtp.quit();
            }

            assertThat(onlyMail(relais, ALICE))
                    .startsWith("Return-Path: <>\r\n")
                    .contains("\r\nFinal-Recipient: rfc822; " + BOB + "\r\nAction: delivered\r\nStatus: 2.1.5\r\n")
                    // RFC 3461 §4.3: RET is for failures.
                    .doesNotContain("the body of it");
            assertThat(onlyMail(relais, BOB)).contains("the body of it");
        }
    }

    private static byte[] mail(String subject) {
        return ("From: <" + ALICE + ">\r\nSubject: " + subject + "\r\n\r\nthe body of it\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static String onlyMail(RelaisInstance relais, String user) {
        try (var imap =
                ImapDialogue.loggedIn(relais.ports().imaps(), user, PASSWORD).withPatience(Site.SOON)) {
            Awaitility.await("a mail for " + user)
                    .atMost(Site.SOON)
                    .pollInterval(Duration.ofMillis(50))
                    .until(() -> Site.messages(imap, "INBOX") > 0);
            assertThat(imap.select("INBOX")).isEqualTo(1);
            String text = new String(imap.fetch(1), StandardCharsets.ISO_8859_1);
            imap.logout();
            return text;
        }
    }
}
