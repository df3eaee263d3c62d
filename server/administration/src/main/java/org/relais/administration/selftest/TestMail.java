package org.relais.administration.selftest;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Base64;

/** A mail with an attachment as a user's program would send it (RFC 5322, RFC 2045), and its comparison. */
record TestMail(byte[] bytes) {
    TestMail {
        bytes = bytes.clone();
    }

    /**
     * Writes the mail.
     *
     * @param id a word that occurs nowhere else
     * @param attachment what is attached, any octets
     */
    static TestMail write(String address, String id, Instant date, byte[] attachment) {
        var domain = address.substring(address.indexOf('@') + 1);
        var boundary = "=_" + id;
        var lines = String.join(
                "\r\n",
                "Date: " + DateTimeFormatter.RFC_1123_DATE_TIME.format(date.atOffset(ZoneOffset.UTC)),
                "From: <" + address + ">",
                "To: <" + address + ">",
                "Subject: Relais self-test " + id,
                "Message-ID: <" + id + "@" + domain + ">",
                "MIME-Version: 1.0",
                "Content-Type: multipart/mixed; boundary=\"" + boundary + "\"",
                "",
                "--" + boundary,
                "Content-Type: text/plain; charset=us-ascii",
                "",
                "This mail checks that what is sent is what arrives.",
                ".A line that begins with a dot, and one that is a dot:",
                ".",
                "--" + boundary,
                "Content-Type: application/octet-stream; name=\"" + id + ".bin\"",
                "Content-Disposition: attachment; filename=\"" + id + ".bin\"",
                "Content-Transfer-Encoding: base64",
                "",
                Base64.getMimeEncoder().encodeToString(attachment),
                "--" + boundary + "--",
                "");
        return new TestMail(lines.getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public byte[] bytes() {
        return bytes.clone();
    }

    /** As it goes through DATA: dots doubled at the start of lines (RFC 5321 §4.5.2), the ending dot included. */
    byte[] dotStuffed() {
        var text = new String(bytes, StandardCharsets.ISO_8859_1);
        var stuffed = (text.startsWith(".") ? "." : "") + text.replace("\r\n.", "\r\n..") + ".\r\n";
        return stuffed.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Checks that {@code arrived} is this mail under fields that were put on top; returns their length in octets. */
    int requireIn(byte[] arrived, String over) throws SelfTestFailure {
        int added = arrived.length - bytes.length;
        int wrong = added < 0 ? 0 : Arrays.mismatch(Arrays.copyOfRange(arrived, added, arrived.length), bytes);
        if (wrong < 0) {
            return added;
        }
        throw new SelfTestFailure(
                "the mail fetched over " + over + " is not the one that was sent: " + bytes.length + " octets sent, "
                        + arrived.length + " fetched, counted from the end they differ before octet "
                        + commonEnd(arrived),
                "see which mailet of conf/mailetcontainer.xml changes it");
    }

    private int commonEnd(byte[] arrived) {
        int common = 0;
        while (common < Math.min(bytes.length, arrived.length)
                && bytes[bytes.length - 1 - common] == arrived[arrived.length - 1 - common]) {
            common++;
        }
        return common;
    }
}
