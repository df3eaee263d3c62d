package org.relais.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.relais.testkit.dialogue.SmtpDialogue;
import org.relais.testkit.mail.Mails;
import org.relais.testkit.mail.OctetComparison;
import org.relais.testkit.mail.OddMail;

/** What was accepted comes out as it went in, below the fields that are put on top. */
@Timeout(120)
@ExtendWith(SharedSite.class)
class FaithfulContentTest {
    private static final long SEED = 20261123;

    /** What delivery into a mailbox puts on top. */
    private static final OctetComparison MAILBOX = OctetComparison.below("Return-Path", "Received", "Delivered-To");

    /** What relaying puts on top. */
    private static final OctetComparison RELAYED = OctetComparison.below("Received");

    static List<OddMail> mails() {
        return Mails.seeded(SEED).overSmtp();
    }

    static List<OddMail> withNul() {
        return List.of(Mails.seeded(SEED).nul());
    }

    @ParameterizedTest
    @MethodSource({"mails", "withNul"})
    void isFetchedByImapAndPop3AsItWasSent(OddMail odd, Site site) {
        var bob = site.user();

        try (var smtp = SmtpDialogue.greeted(site.ports().smtp()).withPatience(Site.SOON)) {
            smtp.ask("MAIL FROM:<alice@client.test>" + (odd.eightBit() ? " BODY=8BITMIME" : ""), "250");
            smtp.ask("RCPT TO:<" + bob.address() + ">", "250");
            smtp.ask("DATA", "354");
            smtp.content(odd.content()).expect("250");
            smtp.quit();
        }

        site.awaitMails(bob, 1);
        byte[] overImap;
        try (var imap = site.imap(bob)) {
            imap.select("INBOX");
            overImap = imap.fetch(1);
        }
        MAILBOX.of(odd.content(), overImap);
        try (var pop3 = site.pop3(bob)) {
            assertThat(pop3.retrieve(1)).isEqualTo(overImap);
        }
    }

    @ParameterizedTest
    @MethodSource("mails")
    void isRelayedThroughTheSmartHostAsItWasSent(OddMail odd, Site site) {
        var bob = site.user();
        int before = site.sink().mailCount();

        try (var smtp = site.submission(bob)) {
            smtp.ask("MAIL FROM:<" + bob.address() + ">" + (odd.eightBit() ? " BODY=8BITMIME" : ""), "250");
            smtp.ask("RCPT TO:<carol@remote.test>", "250");
            smtp.ask("DATA", "354");
            smtp.content(odd.content()).expect("250");
            smtp.quit();
        }

        var relayed = site.sink().awaitMails(before + 1, Site.SOON).get(before);
        RELAYED.of(odd.content(), relayed.content());
    }
}
