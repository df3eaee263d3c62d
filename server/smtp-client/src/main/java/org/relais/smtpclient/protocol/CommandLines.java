package org.relais.smtpclient.protocol;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.relais.smtpclient.OutgoingContent;
import org.relais.smtpclient.Transaction;
import org.relais.smtpclient.protocol.Extensions.Keyword;

/**
 * Commands as octets, one group at a time. A parameter is written only where the server announced it. What is written
 * has been checked by {@link Capabilities}: no control character comes here.
 */
final class CommandLines {
    private byte[] octets = new byte[256];
    private int length;

    CommandLines line(String command) {
        return text(command).text("\r\n");
    }

    /** RFC 5321 §4.1.1.2, with the parameters of RFC 1870, 3461, 6152, 6531. */
    CommandLines mail(Transaction mail, Extensions server) {
        text("MAIL FROM:<").text(mail.reversePath()).text(">");
        if (server.has(Keyword.SIZE)) {
            text(" SIZE=").text(Long.toString(mail.content().size()));
        }
        OutgoingContent.Kind kind = mail.content().kind();
        if (kind == OutgoingContent.Kind.BINARY) {
            text(" BODY=BINARYMIME");
        } else if (kind == OutgoingContent.Kind.EIGHT_BIT) {
            text(" BODY=8BITMIME");
        }
        if (mail.needsSmtpUtf8()) {
            text(" SMTPUTF8");
        }
        if (server.has(Keyword.DSN)) {
            parameter(" RET=", mail.ret()).parameter(" ENVID=", mail.envid());
        }
        return text("\r\n");
    }

    CommandLines recipient(Transaction.Recipient recipient, Extensions server) {
        text("RCPT TO:<").text(recipient.forwardPath()).text(">");
        if (server.has(Keyword.DSN)) {
            parameter(" NOTIFY=", recipient.notifyWhen()).parameter(" ORCPT=", recipient.orcpt());
        }
        return text("\r\n");
    }

    /** All of the content as one chunk, the last (RFC 3030 §2). */
    CommandLines wholeContent(long size) {
        return text("BDAT ").text(Long.toString(size)).text(" LAST\r\n");
    }

    byte[] octets() {
        return Arrays.copyOf(octets, length);
    }

    private CommandLines parameter(String name, String value) {
        return value.isEmpty() ? this : text(name).text(value);
    }

    private CommandLines text(String text) {
        int size = text.length();
        reserve(size);
        for (int i = 0; i < size; i++) {
            char c = text.charAt(i);
            if (c > 126) {
                byte[] rest = text.substring(i).getBytes(StandardCharsets.UTF_8);
                reserve(rest.length);
                System.arraycopy(rest, 0, octets, length, rest.length);
                length += rest.length;
                return this;
            }
            octets[length++] = (byte) c;
        }
        return this;
    }

    private void reserve(int more) {
        if (length + more > octets.length) {
            octets = Arrays.copyOf(octets, Math.max(length + more, octets.length * 2));
        }
    }
}
