package org.relais.delivery.dsn;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;
import javax.mail.Session;
import javax.mail.internet.MimeBodyPart;
import javax.mail.internet.MimeMessage;
import javax.mail.internet.MimeMultipart;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.relais.delivery.dsn.DsnReport.Action;
import org.relais.delivery.dsn.DsnReport.Recipient;
import org.relais.model.EnhancedStatus;
import org.relais.spool.mail.DsnRequest;

final class DsnWriterTest {
    private static final Instant NOW = Instant.parse("2026-11-24T09:05:03Z");
    private static final String MAIL =
            "From: alice@example.net\r\nMessage-ID: <1@example.net>\r\nSubject: hello\r\n\r\nthe body\r\n";
    private static final DsnSettings SETTINGS =
            new DsnSettings("mx.example.com", "postmaster@example.com", Locale.ENGLISH, DsnSettings.USUAL_RETURNED);

    @Test
    void isAReportOfThreeParts() throws Exception {
        MimeMessage dsn = write(report(failed("bob@example.org", "550 5.1.1 No such user")), MAIL, true);

        MimeMultipart parts = (MimeMultipart) dsn.getContent();
        assertThat(dsn.getContentType()).contains("multipart/report").contains("report-type=delivery-status");
        assertThat(parts.getCount()).isEqualTo(3);
        assertThat(parts.getBodyPart(0).getContentType()).startsWith("text/plain");
        assertThat(parts.getBodyPart(1).getContentType()).startsWith("message/delivery-status");
        assertThat(parts.getBodyPart(2).getContentType()).startsWith("message/rfc822");
        assertThat(raw(parts, 2)).isEqualTo(MAIL);
    }

    @Test
    void headerFollowsTheStandards() throws Exception {
        MimeMessage dsn = write(report(failed("bob@example.org", "550 5.1.1 No such user")), MAIL, true);

        assertThat(dsn.getHeader("To", ",")).isEqualTo("<alice@example.net>");
        assertThat(dsn.getHeader("From", ",")).contains("<postmaster@example.com>");
        assertThat(dsn.getHeader("Auto-Submitted", ",")).isEqualTo("auto-replied");
        assertThat(dsn.getHeader("In-Reply-To", ",")).isEqualTo("<1@example.net>");
        assertThat(dsn.getHeader("References", ",")).isEqualTo("<1@example.net>");
        assertThat(dsn.getMessageID()).isEqualTo("<d1@mx.example.com>");
        assertThat(dsn.getHeader("Date", ",")).isEqualTo("Tue, 24 Nov 2026 09:05:03 +0000");
        assertThat(dsn.getSubject()).isEqualTo("Not delivered: your mail to bob@example.org");
    }

    @Test
    void statusNamesEachField() throws Exception {
        Recipient delayed = new Recipient(
                "bob@example.org",
                "rfc822;rob+2Bx@example.org",
                Action.DELAYED,
                new EnhancedStatus(4, 2, 2),
                "mx.example.org",
                "452 4.2.2 Mailbox full",
                Optional.of(NOW),
                Optional.of(NOW.plusSeconds(86_400)));

        String status = raw((MimeMultipart) write(report(delayed), MAIL, false).getContent(), 1);

        assertThat(status.split("\r\n"))
                .containsExactly(
                        "Original-Envelope-Id: Q=1",
                        "Reporting-MTA: dns; mx.example.com",
                        "Arrival-Date: Tue, 24 Nov 2026 08:05:03 +0000",
                        "",
                        "Original-Recipient: rfc822; rob+x@example.org",
                        "Final-Recipient: rfc822; bob@example.org",
                        "Action: delayed",
                        "Status: 4.2.2",
                        "Remote-MTA: dns; mx.example.org",
                        "Diagnostic-Code: smtp; 452 4.2.2 Mailbox full",
                        "Last-Attempt-Date: Tue, 24 Nov 2026 09:05:03 +0000",
                        "Will-Retry-Until: Wed, 25 Nov 2026 09:05:03 +0000");
    }

    @Test
    void namesAnAddressBeyondAsciiByRfc6533() throws Exception {
        MimeMessage dsn = write(report(failed("bobé@example.org", "5.6.7 No SMTPUTF8")), MAIL, false);

        String status = raw((MimeMultipart) dsn.getContent(), 1);

        assertThat(status).contains("Final-Recipient: utf-8; bob\\x{E9}@example.org\r\n");
        assertThat(status).contains("Diagnostic-Code: x-relais; 5.6.7 No SMTPUTF8\r\n");
    }

    @Test
    void textSaysWhatHappenedAndTheQueueId() throws Exception {
        MimeMessage dsn = write(report(failed("bob@example.org", "550 5.1.1 No such user")), MAIL, true);

        String text = (String) ((MimeMultipart) dsn.getContent()).getBodyPart(0).getContent();

        assertThat(text)
                .contains(
                        "<bob@example.org>", "mx.example.org said:", "550 5.1.1 No such user", "Q1 at mx.example.com");
    }

    @Test
    void speaksFrenchToWhoWritesFrench() throws Exception {
        String french = "Content-Language: fr-CA\r\n" + MAIL;

        MimeMessage dsn = write(report(failed("bob@example.org", "550 5.1.1 No such user")), french, true);

        assertThat(dsn.getSubject()).isEqualTo("Non remis : votre message à bob@example.org");
        assertThat((String) ((MimeMultipart) dsn.getContent()).getBodyPart(0).getContent())
                .contains("n’a pas été remis")
                .contains("Q1 sur mx.example.com");
    }

    @Test
    void returnsTheHeaderAloneOfALargeMail() throws Exception {
        String large = MAIL + "x".repeat(900).concat("\r\n").repeat(60);

        MimeMultipart parts = (MimeMultipart)
                write(report(failed("b@example.org", "550 no")), large, true).getContent();

        assertThat(parts.getBodyPart(2).getContentType()).startsWith("text/rfc822-headers");
        assertThat(raw(parts, 2)).isEqualTo(MAIL.substring(0, MAIL.indexOf("\r\n\r\n") + 2));
    }

    @Test
    void declaresEightBitContent() throws Exception {
        String eightBit = MAIL + new String("é\r\n".getBytes(UTF_8), ISO_8859_1);

        MimeMessage dsn = write(report(failed("b@example.org", "550 no")), eightBit, true);

        assertThat(dsn.getHeader("Content-Transfer-Encoding", ",")).isEqualTo("8bit");
        assertThat(raw((MimeMultipart) dsn.getContent(), 2)).isEqualTo(eightBit);
    }

    @Test
    void letsNobodyInjectAField() throws Exception {
        Recipient hostile = new Recipient(
                "b@example.org",
                "rfc822;x+0D+0AX-Evil:+201",
                Action.FAILED,
                new EnhancedStatus(5, 0, 0),
                "mx\r\nX-Evil: 2",
                "550 a\r\n\r\nX-Evil: 3 é " + "y".repeat(3_000),
                Optional.empty(),
                Optional.empty());

        byte[] bytes = bytes(report(hostile), MAIL.replace("<1@example.net>", "<1@x>\r\n\t X-Evil: 4"), true);

        String text = new String(bytes, ISO_8859_1);
        String ours = text.substring(0, text.indexOf("From: alice@example.net"));
        assertThat(ours.lines()).noneMatch(line -> line.startsWith("X-Evil"));
        assertThat(ours.lines()).allMatch(line -> line.length() <= 998);
        assertThat(US_ASCII.newEncoder().canEncode(ours)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "FAILED, '', true",
        "DELAYED, '', true",
        "DELIVERED, '', false",
        "RELAYED, '', false",
        "FAILED, NEVER, false",
        "DELAYED, NEVER, false",
        "DELIVERED, NEVER, false",
        "FAILED, 'SUCCESS,DELAY', false",
        "DELAYED, 'SUCCESS,DELAY', true",
        "DELIVERED, 'SUCCESS,DELAY', true",
        "RELAYED, SUCCESS, true",
        "FAILED, FAILURE, true",
        "DELAYED, FAILURE, false",
    })
    void tellsWhatWasAskedFor(Action action, String notifyWhen, boolean isDue) {
        DsnRequest request = new DsnRequest("", "", notifyWhen, "");

        assertThat(DsnPolicy.isDue(action, "alice@example.net", request)).isEqualTo(isDue);
        assertThat(DsnPolicy.isDue(action, "", request)).isFalse();
    }

    private static Recipient failed(String path, String text) {
        return new Recipient(
                path,
                "",
                Action.FAILED,
                new EnhancedStatus(5, 1, 1),
                "mx.example.org",
                text,
                Optional.of(NOW),
                Optional.empty());
    }

    private static DsnReport report(Recipient recipient) {
        return new DsnReport("Q1", NOW.minusSeconds(3600), "Q+3D1", "alice@example.net", "", List.of(recipient));
    }

    private static byte[] bytes(DsnReport report, String mail, boolean isWhole) throws Exception {
        byte[] octets = mail.getBytes(ISO_8859_1);
        Original original =
                Original.read(new ByteArrayInputStream(octets), octets.length, isWhole, SETTINGS.mostReturned());
        return new DsnWriter(SETTINGS).write(report, original, NOW, "d1");
    }

    private static MimeMessage write(DsnReport report, String mail, boolean isWhole) throws Exception {
        return new MimeMessage(
                Session.getInstance(new Properties()), new ByteArrayInputStream(bytes(report, mail, isWhole)));
    }

    private static String raw(MimeMultipart parts, int index) throws Exception {
        return new String(
                ((MimeBodyPart) parts.getBodyPart(index)).getRawInputStream().readAllBytes(), ISO_8859_1);
    }
}
