package org.relais.spool.james;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;
import java.util.UUID;
import javax.mail.MessagingException;
import javax.mail.internet.MimeMessage;
import org.apache.james.lifecycle.api.LifecycleUtil;
import org.apache.james.server.core.MimeMessageInputStreamSource;
import org.relais.spool.MessageContent;

/** A copy of a message's octets outside of the spool: in memory while small, else in a temporary file. */
record TemporaryContent(MimeMessageInputStreamSource copy) implements MessageContent {

    static TemporaryContent of(MimeMessage message) throws MessagingException {
        MimeMessageInputStreamSource copy = MimeMessageInputStreamSource.create("relais-" + UUID.randomUUID());
        try (OutputStream out = copy.getWritableOutputStream()) {
            MessageOctets.write(message, out);
        } catch (IOException e) {
            LifecycleUtil.dispose(copy);
            throw new MessagingException("cannot copy the content", e);
        } catch (MessagingException | RuntimeException e) {
            LifecycleUtil.dispose(copy);
            throw e;
        }
        return new TemporaryContent(copy);
    }

    @Override
    public long size() {
        return copy.getMessageSize();
    }

    @Override
    public InputStream open() throws IOException {
        return copy.getInputStream();
    }

    @Override
    public Optional<byte[]> inMemory() {
        return Optional.empty();
    }

    void release() {
        LifecycleUtil.dispose(copy);
    }
}
