package org.relais.mailets.octets;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.mail.MessagingException;
import javax.mail.internet.MimeMessage;
import org.apache.james.server.core.MailImpl;
import org.apache.mailet.Attribute;
import org.apache.mailet.AttributeName;
import org.apache.mailet.AttributeValue;
import org.relais.spool.MessageContent;
import org.relais.spool.james.SpoolMessage;

/** Mails whose octets software likes to "repair", and what is left of them. */
public enum NastyMail {
    PLAIN(
            "Content-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: 8bit\r\n",
            ".dot\r\n..\r\n\u00e9 8bit   \r\n\r\nlast line without end"),
    MULTIPART(
            "Content-type:multipart/mixed;boundary=b\r\n",
            "preamble \u00e9\r\n--b\r\nContent-Type: text/plain; charset=iso-8859-1\r\n"
                    + "Content-Transfer-Encoding: 8bit\r\n\r\n\u00e9 text\r\n"
                    + "--b\r\nContent-Type: application/octet-stream; name=a.bin\r\n"
                    + "Content-Disposition: attachment; filename=a.bin\r\n\r\n\u0001\u00ff octets\r\n"
                    + "--b--\r\nepilogue\r\n"),
    BROKEN_HEADER(
            "no field at all\r\n>From alice@example.org Mon Nov 23 09:00:00 2026\r\n: no name\r\n"
                    + "Content-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: 8bit\r\n",
            "8bit \u00e9\r\n");

    /** Without the fields that describe the body, which may change with it. */
    static final String HEADER = "Received: from a\r\n\tby b; Mon, 23 Nov 2026 09:00:00 +0000\r\n"
            + "Received:by c\r\n"
            + "From: =?iso-8859-1?Q?Andr=E9?= <alice@example.org>\r\n"
            + "To: Bob <bob@example.org>,\r\n  carol@example.org\r\n"
            + "subject :caf\u00e9\r\n"
            + "X-Odd:no space\r\n"
            + "X-Odd:no space\r\n"
            + "X-Folded: one\r\n \t\r\n\ttwo  \r\n"
            + "X-Remove: me\r\n"
            + "X-Long: " + "x".repeat(200) + "\r\n"
            + "MESSAGE-ID:<1@example.org>\r\n"
            + "Date: today\r\n";

    private static final String MIME = "MIME-version:1.0\r\n";

    private final String content;
    private final String body;

    NastyMail(String content, String body) {
        this.content = content;
        this.body = body;
    }

    public String octets() {
        return HEADER + MIME + content + "\r\n" + body;
    }

    public String body() {
        return body;
    }

    public MailImpl mail() throws MessagingException {
        MailImpl mail = MailImpl.builder()
                .name("q")
                .sender("alice@example.org")
                .addRecipients("Bob@example.org", "carol@example.org")
                .addAttribute(new Attribute(AttributeName.of("text"), AttributeValue.of("of an attribute")))
                .addAttribute(new Attribute(
                        AttributeName.of("texts"),
                        AttributeValue.of(List.<AttributeValue<?>>of(AttributeValue.of("1"), AttributeValue.of("2")))))
                .build();
        mail.setMessageNoCopy(SpoolMessage.over(new Bytes(octets().getBytes(ISO_8859_1)), ""));
        return mail;
    }

    /** The octets of a message as they would be delivered or stored. */
    public static String octets(MimeMessage message) throws MessagingException, IOException {
        try (InputStream in = SpoolMessage.over(message).open()) {
            return new String(in.readAllBytes(), ISO_8859_1);
        }
    }

    /** The lines of the header without those of some fields. */
    static List<String> fieldsWithout(String octets, List<String> names) {
        List<String> fields = new ArrayList<>();
        String header = octets.substring(0, octets.indexOf("\r\n\r\n") + 2);
        for (String field : header.split("(?<=\r\n)(?![ \t])")) {
            String name = field.substring(0, field.indexOf(':') < 0 ? 0 : field.indexOf(':'))
                    .trim();
            if (names.stream().noneMatch(name::equalsIgnoreCase)) {
                fields.add(field);
            }
        }
        return fields;
    }

    static String bodyOf(String octets) {
        return octets.substring(octets.indexOf("\r\n\r\n") + 4);
    }

    private record Bytes(byte[] bytes) implements MessageContent {
        @Override
        public long size() {
            return bytes.length;
        }

        @Override
        public InputStream open() {
            return new ByteArrayInputStream(bytes);
        }

        @Override
        public Optional<byte[]> inMemory() {
            return Optional.of(Arrays.copyOf(bytes, bytes.length));
        }
    }
}
