package org.relais.mailets.delivery;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import javax.mail.MessagingException;
import javax.mail.Session;
import javax.mail.internet.MimeMessage;
import org.relais.spool.james.SpoolMessage;

/**
 * Gives JavaMail the octets of a message and nothing to think about: no field is left out, made up or folded anew.
 *
 * <p>JavaMail still doubles leading dots, as it must, and turns line ends that are not CRLF into CRLF.
 */
final class WireMessage extends MimeMessage {
    private static final int SEVEN_BITS = 0x7f;
    private static final int BUFFER = 8192;

    private final SpoolMessage content;
    private final long size;
    private final boolean has8Bit;

    /** Reads the content once, to know its size and whether 8-bit octets are in it. */
    WireMessage(SpoolMessage content) throws MessagingException, IOException {
        super((Session) null);
        this.content = content;
        byte[] buffer = new byte[BUFFER];
        long octets = 0;
        boolean found = false;
        try (InputStream in = content.open()) {
            for (int read = in.read(buffer); read != -1; read = in.read(buffer)) {
                octets += read;
                for (int i = 0; i < read && !found; i++) {
                    found = (buffer[i] & 0xff) > SEVEN_BITS;
                }
            }
        }
        this.size = octets;
        this.has8Bit = found;
    }

    long size() {
        return size;
    }

    boolean has8Bit() {
        return has8Bit;
    }

    @Override
    public void writeTo(OutputStream out, String[] fieldsThatJavaMailWouldLeaveOut)
            throws IOException, MessagingException {
        try (InputStream in = content.open()) {
            in.transferTo(out);
        }
    }
}
