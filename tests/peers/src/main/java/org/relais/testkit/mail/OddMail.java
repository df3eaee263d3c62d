package org.relais.testkit.mail;

import java.nio.charset.StandardCharsets;

/**
 * A mail that tries a relay's faithfulness.
 *
 * @param name what is odd about it, in words
 * @param eightBit whether its content has octets above 127
 */
public record OddMail(String name, boolean eightBit, byte[] content) {
    public OddMail {
        content = content.clone();
    }

    @Override
    public byte[] content() {
        return content.clone();
    }

    public int size() {
        return content.length;
    }

    /** Whether DATA can carry it as it is: its last line has an end (RFC 5321 §4.1.1.4). */
    public boolean endsWithLineEnd() {
        return content.length >= 2 && content[content.length - 2] == '\r' && content[content.length - 1] == '\n';
    }

    /** The content, one character for each octet. */
    public String text() {
        return new String(content, StandardCharsets.ISO_8859_1);
    }

    @Override
    public String toString() {
        return name;
    }
}
