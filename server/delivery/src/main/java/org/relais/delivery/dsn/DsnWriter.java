package org.relais.delivery.dsn;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Writes a DSN: {@code multipart/report; report-type=delivery-status} (RFC 6522) of a text for people, the status for
 * machines (RFC 3464) and the mail or its header. In the sender's language where the mail names it, else in that of the
 * settings. Safe for use by many threads.
 */
public final class DsnWriter {
    private static final Pattern MESSAGE_ID = Pattern.compile("<[!-;=?-~]{1,900}>");

    private final DsnSettings settings;

    public DsnWriter(DsnSettings settings) {
        this.settings = settings;
    }

    /** @param id of the DSN itself: letters and digits, used for nothing else */
    public byte[] write(DsnReport report, Original original, Instant now, String id) {
        Words words = Words.of(original, settings.language());
        Optional<String> whole = original.whole();
        String returned = whole.orElseGet(original::header);
        String boundary = boundary(id, returned);
        String encoding = Fields.isAscii(returned) ? "7bit" : "8bit";
        Fields fields = new Fields();
        fields.add("From", Fields.words(words.say("from")) + " <" + Fields.octets(settings.sender()) + ">");
        fields.add("To", "<" + Fields.octets(report.reversePath()) + ">");
        fields.add("Subject", Fields.words(words.say(report.action().word() + ".subject", who(report, words))));
        fields.add("Date", Fields.date(now));
        fields.add("Message-ID", "<" + id + "@" + Fields.ascii(settings.reportingMta()) + ">");
        original.field("Message-ID")
                .filter(it -> MESSAGE_ID.matcher(it).matches())
                .ifPresent(it -> {
                    fields.add("In-Reply-To", it);
                    fields.add("References", it);
                });
        // RFC 3834 §5.
        fields.add("Auto-Submitted", "auto-replied");
        fields.add("MIME-Version", "1.0");
        fields.add("Content-Type", "multipart/report; report-type=delivery-status; boundary=\"" + boundary + "\"");
        fields.add("Content-Transfer-Encoding", encoding);
        String start = "\r\n--" + boundary + "\r\n";
        fields.add(start)
                .add("Content-Type", "text/plain; charset=utf-8")
                .add("Content-Language", words.locale().getLanguage())
                .add("Content-Transfer-Encoding", "quoted-printable")
                .add("\r\n")
                .add(Fields.quotedPrintable(TextPart.of(report, settings, words, whole.isPresent())))
                .add(start)
                .add("Content-Type", "message/delivery-status")
                .add("\r\n")
                .add(StatusPart.of(report, settings))
                .add(start)
                .add("Content-Type", whole.isPresent() ? "message/rfc822" : "text/rfc822-headers")
                .add("Content-Transfer-Encoding", encoding)
                .add("\r\n")
                .add(returned)
                .add("\r\n--" + boundary + "--\r\n");
        return fields.text().getBytes(ISO_8859_1);
    }

    private static String who(DsnReport report, Words words) {
        List<DsnReport.Recipient> all = report.recipients();
        String first = all.get(0).forwardPath();
        return all.size() == 1 ? first : words.say("others", first, all.size() - 1);
    }

    /** One that does not stand in what is returned. */
    private static String boundary(String id, String returned) {
        String boundary = "=_" + id;
        while (returned.contains("--" + boundary)) {
            boundary += "_";
        }
        return boundary;
    }
}
