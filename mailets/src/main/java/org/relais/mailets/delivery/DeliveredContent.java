package org.relais.mailets.delivery;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import javax.mail.MessagingException;
import org.apache.james.core.MailAddress;
import org.apache.james.lifecycle.api.LifecycleUtil;
import org.apache.james.mailbox.exception.MailboxException;
import org.apache.james.mailbox.model.Content;
import org.apache.mailet.Mail;
import org.apache.mailet.PerRecipientHeaders;
import org.relais.spool.james.SpoolMessage;

/**
 * What goes into one recipient's mailbox: a {@code Return-Path} (RFC 5321 §4.4) and that recipient's own fields on top of
 * the message as it is.
 */
final class DeliveredContent implements Content, AutoCloseable {
    private static final String RETURN_PATH = "Return-Path";

    private final byte[] top;
    private final SpoolMessage message;

    DeliveredContent(Mail mail, MailAddress recipient) throws MessagingException {
        StringBuilder fields = new StringBuilder(RETURN_PATH + ": ");
        fields.append(mail.getMaybeSender().asPrettyString()).append("\r\n");
        for (PerRecipientHeaders.Header field :
                mail.getPerRecipientSpecificHeaders().getHeadersForRecipient(recipient)) {
            fields.append(field.asString()).append("\r\n");
        }
        this.top = fields.toString().getBytes(StandardCharsets.UTF_8);
        this.message = SpoolMessage.over(mail.getMessage());
        if (message.getHeader(RETURN_PATH) != null) {
            message.removeHeader(RETURN_PATH);
        }
    }

    @Override
    public InputStream getInputStream() throws IOException {
        try {
            return new SequenceInputStream(new ByteArrayInputStream(top), message.open());
        } catch (MessagingException e) {
            throw new IOException("cannot read the mail's content", e);
        }
    }

    @Override
    public void close() {
        LifecycleUtil.dispose(message);
    }

    @Override
    public long size() throws MailboxException {
        try {
            return top.length + message.size();
        } catch (MessagingException e) {
            throw new MailboxException("cannot measure the mail's content", e);
        }
    }
}
