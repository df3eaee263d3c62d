package org.relais.testkit.mail;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;

/**
 * Makes odd mails, the same for the same seed; the seed stands in the {@code Message-Id:}, so that a failing mail can be
 * made again. Not for use by several threads.
 */
public final class Mails {
    /** Octets of a line without its end that RFC 5321 §4.5.3.1.6 allows at most. */
    public static final int LONGEST_LINE = 998;

    private static final int MIB = 1024 * 1024;

    private final long seed;
    private final Random random;
    private int made;

    private Mails(long seed) {
        this.seed = seed;
        this.random = new Random(seed);
    }

    public static Mails seeded(long seed) {
        return new Mails(seed);
    }

    /** Every odd mail that DATA can carry: one of each kind, the 20 MiB attachment among them. */
    public List<OddMail> overSmtp() {
        return List.of(
                plain(),
                withAttachment(20 * MIB),
                eightBitText(),
                dots(),
                lastLineOf998(),
                oddFolding(),
                fieldOf998(),
                latinHeader(),
                emptyBody(),
                trailingSpaces(),
                mixedBoundaries());
    }

    /** What DATA cannot carry as it is, or what RFC 5322 forbids: NUL, and no end of the last line. */
    public List<OddMail> beyondSmtp() {
        return List.of(nul(), withoutLastLineEnd());
    }

    public OddMail plain() {
        return mail("plain", "", "Good morning,\r\n\r\nthe horses are fresh.\r\n");
    }

    /** A mail with a base64 attachment of so many octets before encoding. */
    public OddMail withAttachment(int octets) {
        byte[] attachment = new byte[octets];
        random.nextBytes(attachment);
        String encoded = Base64.getMimeEncoder(76, "\r\n".getBytes(StandardCharsets.US_ASCII))
                .encodeToString(attachment);
        return mail(
                "attachment of " + octets + " octets",
                "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"b1\"\r\n",
                "--b1\r\nContent-Type: text/plain\r\n\r\nsee attachment\r\n--b1\r\n"
                        + "Content-Type: application/octet-stream; name=\"a.bin\"\r\n"
                        + "Content-Transfer-Encoding: base64\r\n"
                        + "Content-Disposition: attachment; filename=\"a.bin\"\r\n\r\n" + encoded
                        + "\r\n--b1--\r\n");
    }

    public OddMail eightBitText() {
        return mail(
                "8-bit text",
                "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n",
                "Grüße aus Köln, ça va, Ελλάδα, 日本語\r\nœuvre\r\n",
                StandardCharsets.UTF_8);
    }

    public OddMail dots() {
        return mail("dots", "", ".\r\n..\r\n...\r\n.leading\r\n\r\n.\r\ntrailing.\r\n..\r\n");
    }

    public OddMail lastLineOf998() {
        return mail("last line of 998 octets", "", "short\r\n" + "x".repeat(LONGEST_LINE) + "\r\n");
    }

    public OddMail oddFolding() {
        return mail(
                "odd header folding",
                "X-Folded: first\r\n\tsecond\r\n   \tthird\r\n"
                        + "X-Empty-Fold: a\r\n b\r\n"
                        + "x-lower-CASE:no space behind the colon\r\n"
                        + "X-Wide  : blanks before the colon\r\n"
                        + "X-Trailing: blanks   \r\n"
                        + "X-Nothing:\r\n"
                        + "References: <1@example.org>\r\n <2@example.org>\r\n\t<3@example.org>\r\n"
                        + "X-Repeated: one\r\nX-Repeated: two\r\n",
                "body\r\n");
    }

    public OddMail fieldOf998() {
        return mail("header field of 998 octets", "X-Long: " + "y".repeat(LONGEST_LINE - 8) + "\r\n", "body\r\n");
    }

    /** Raw ISO-8859-1 octets in a header field: not allowed, and seen every day. */
    public OddMail latinHeader() {
        return mail("8-bit header", "X-Comment: Gr\u00fc\u00dfe\r\n", "body\r\n", StandardCharsets.ISO_8859_1);
    }

    public OddMail emptyBody() {
        return mail("empty body", "", "");
    }

    public OddMail trailingSpaces() {
        return mail("trailing blanks and empty lines", "", "a  \r\n\t\r\n \r\n\r\n\r\n");
    }

    public OddMail mixedBoundaries() {
        return mail(
                "boundaries that are not closed",
                "MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=x\r\n",
                "preamble\r\n--x\r\n\r\none\r\n--x\r\nContent-Type: text/html\r\n\r\n<p>two\r\n--y--\r\n");
    }

    public OddMail nul() {
        return mail("NUL octets", "", "before\0after\r\n\0\r\n");
    }

    public OddMail withoutLastLineEnd() {
        return mail("last line without end", "", "short\r\n" + "z".repeat(LONGEST_LINE));
    }

    /** A mail of about so many octets in all, for loads. */
    public OddMail ofSize(int octets) {
        OddMail small = mail("about " + octets + " octets", "", "");
        StringBuilder body = new StringBuilder();
        while (small.size() + body.length() < octets) {
            body.append((char) ('a' + random.nextInt(26)))
                    .append("relais ".repeat(10))
                    .append("\r\n");
        }
        byte[] lines = body.toString().getBytes(StandardCharsets.US_ASCII);
        byte[] content = Arrays.copyOf(small.content(), small.size() + lines.length);
        System.arraycopy(lines, 0, content, small.size(), lines.length);
        return new OddMail(small.name(), false, content);
    }

    private OddMail mail(String name, String fields, String body) {
        return mail(name, fields, body, StandardCharsets.US_ASCII);
    }

    private OddMail mail(String name, String fields, String body, Charset charset) {
        String head = "From: Alice <alice@example.org>\r\nTo: bob@example.org\r\nSubject: " + name
                + "\r\nDate: Mon, 23 Nov 2026 08:00:00 +0000\r\nMessage-Id: <" + seed + "." + ++made
                + "@testkit.example.org>\r\n";
        byte[] content = (head + fields + "\r\n" + body).getBytes(charset);
        return new OddMail(name, (head + fields + body).chars().anyMatch(c -> c > 127), content);
    }
}
