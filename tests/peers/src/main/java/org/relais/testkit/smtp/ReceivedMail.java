package org.relais.testkit.smtp;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * A mail as it came in.
 *
 * @param connection number of the connection, from 1: shows whether connections were used again
 * @param helo what the client called itself
 * @param tls version of the TLS session, e.g. {@code TLSv1.3}
 * @param user who authenticated
 * @param reversePath without angle brackets; empty for the null reverse-path
 * @param mailParameters of MAIL FROM, e.g. {@code BODY=8BITMIME}
 * @param forwardPaths the accepted ones, without angle brackets
 * @param size octets of the content, dot-unstuffed
 * @param content the content, or its first octets where the server was told to keep no more
 */
public record ReceivedMail(
        int connection,
        String helo,
        Optional<String> tls,
        Optional<String> user,
        String reversePath,
        List<String> mailParameters,
        List<String> forwardPaths,
        long size,
        byte[] content) {

    public ReceivedMail {
        mailParameters = List.copyOf(mailParameters);
        forwardPaths = List.copyOf(forwardPaths);
        content = content.clone();
    }

    @Override
    public byte[] content() {
        return content.clone();
    }

    /** The content, one character for each octet. */
    public String text() {
        return new String(content, StandardCharsets.ISO_8859_1);
    }

    @Override
    public String toString() {
        return "mail from <" + reversePath + "> to " + forwardPaths + ", " + size + " octets";
    }
}
