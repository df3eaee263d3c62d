package org.relais.spool.james;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import javax.mail.MessagingException;
import javax.mail.internet.MimeMessage;
import org.apache.james.server.core.MimeMessageWrapper;

/**
 * Writes any message octet for octet.
 *
 * <p>James's wrapper writes headers in US-ASCII, with a question mark for each 8-bit octet; its source, and the lines of
 * a header that was changed, have the octets still.
 */
final class MessageOctets {
    private MessageOctets() {}

    static void write(MimeMessage message, OutputStream out) throws MessagingException, IOException {
        if (message instanceof SpoolMessage spooled) {
            spooled.writeOctets(out);
        } else if (message instanceof MimeMessageWrapper wrapper && !wrapper.isModified()) {
            try (InputStream in = wrapper.getMessageInputStream()) {
                in.transferTo(out);
            }
        } else if (message instanceof MimeMessageWrapper wrapper && !wrapper.isBodyModified()) {
            writeHeader(wrapper, out);
            try (InputStream body = wrapper.getRawInputStream()) {
                body.transferTo(out);
            }
        } else {
            message.writeTo(out);
        }
    }

    private static void writeHeader(MimeMessage message, OutputStream out) throws MessagingException, IOException {
        for (String line : Collections.list(message.getAllHeaderLines())) {
            out.write((line + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        }
        out.write("\r\n".getBytes(StandardCharsets.ISO_8859_1));
    }
}
