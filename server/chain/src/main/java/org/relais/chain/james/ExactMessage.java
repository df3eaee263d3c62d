package org.relais.chain.james;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.UUID;
import javax.mail.MessagingException;
import javax.mail.internet.MimeMessage;
import org.apache.james.lifecycle.api.LifecycleUtil;
import org.apache.james.server.core.MimeMessageInputStreamSource;
import org.apache.james.server.core.MimeMessageSource;
import org.apache.james.server.core.MimeMessageWrapper;

/**
 * A message that is written as it was received.
 *
 * <p>James's wrapper writes the header of an untouched message anew, in US-ASCII. This one copies the bytes while nothing
 * was changed; when only header fields were changed it writes the fields octet for octet and copies the body, and makes
 * up no field ({@code MIME-Version}, {@code Date}) on the way. A changed body is written as James does.
 *
 * <p>{@link #share} gives another message over the same bytes. Not for use by several threads at once.
 */
public final class ExactMessage extends MimeMessageWrapper {
    private static final byte[] LINE_END = {'\r', '\n'};

    private final SharedContent.Lease lease;

    private ExactMessage(SharedContent.Lease lease) {
        super(lease);
        this.lease = lease;
    }

    /**
     * A message with the bytes of {@code message}, which the caller keeps and disposes of, later than the result.
     *
     * @throws MessagingException when the bytes cannot be read
     */
    public static ExactMessage over(MimeMessage message) throws MessagingException {
        if (message instanceof ExactMessage exact) {
            return exact.share();
        }
        if (message instanceof MimeMessageWrapper wrapper && !wrapper.isModified()) {
            return new ExactMessage(new SharedContent(new Untouched(wrapper), () -> {}).lease());
        }
        return copy(message);
    }

    /** Another message with the same bytes: shared while this one is unchanged, copied otherwise. */
    public ExactMessage share() throws MessagingException {
        return isModified() ? copy(this) : new ExactMessage(lease.content().lease());
    }

    private static ExactMessage copy(MimeMessage message) throws MessagingException {
        MimeMessageInputStreamSource copy = MimeMessageInputStreamSource.create("relais-" + UUID.randomUUID());
        try (OutputStream out = copy.getWritableOutputStream()) {
            message.writeTo(out);
        } catch (IOException e) {
            LifecycleUtil.dispose(copy);
            throw new MessagingException("cannot copy the content", e);
        }
        return new ExactMessage(new SharedContent(copy, () -> LifecycleUtil.dispose(copy)).lease());
    }

    @Override
    public void writeTo(OutputStream headerOs, OutputStream bodyOs, String[] ignoreList, boolean preLoad)
            throws IOException, MessagingException {
        if (headerOs == bodyOs && ignoreList.length == 0 && !isBodyModified()) {
            try (InputStream in = getMessageInputStream()) {
                in.transferTo(bodyOs);
            }
        } else {
            super.writeTo(headerOs, bodyOs, ignoreList, preLoad);
        }
    }

    @Override
    public InputStream getMessageInputStream() throws MessagingException {
        if (isBodyModified()) {
            return super.getMessageInputStream();
        }
        try {
            if (!isModified()) {
                return lease.getInputStream();
            }
            InputStream body = lease.getInputStream();
            skipHeader(body);
            return new SequenceInputStream(new ByteArrayInputStream(header()), body);
        } catch (IOException e) {
            throw new MessagingException("cannot read the content", e);
        }
    }

    /**
     * Leaves the header of an unchanged body alone: JavaMail would write a Content-Transfer-Encoding for a body that it
     * then does not encode.
     */
    @Override
    protected void updateHeaders() throws MessagingException {
        if (isBodyModified()) {
            super.updateHeaders();
        }
    }

    @Override
    public long getMessageSize() throws MessagingException {
        if (isBodyModified()) {
            return super.getMessageSize();
        }
        try {
            if (!isModified()) {
                return lease.getMessageSize();
            }
            try (InputStream in = lease.getInputStream()) {
                return header().length + lease.getMessageSize() - skipHeader(in);
            }
        } catch (IOException e) {
            throw new MessagingException("cannot read the content", e);
        }
    }

    private byte[] header() throws MessagingException {
        ByteArrayOutputStream header = new ByteArrayOutputStream();
        for (String field : Collections.list(getAllHeaderLines())) {
            header.writeBytes(field.getBytes(StandardCharsets.ISO_8859_1));
            header.writeBytes(LINE_END);
        }
        header.writeBytes(LINE_END);
        return header.toByteArray();
    }

    /** Leaves {@code in} behind the empty line that ends the header, or at its end; returns the octets passed. */
    private static long skipHeader(InputStream in) throws IOException {
        long passed = 0;
        boolean emptyLine = true;
        for (int octet = in.read(); octet != -1; octet = in.read()) {
            passed++;
            if (octet == '\n') {
                if (emptyLine) {
                    return passed;
                }
                emptyLine = true;
            } else if (octet != '\r') {
                emptyLine = false;
            }
        }
        return passed;
    }

    /** James's own message as a source of bytes: nobody but this class reads it, so that it stays unparsed. */
    private record Untouched(MimeMessageWrapper message) implements MimeMessageSource {
        @Override
        public String getSourceId() {
            String id = message.getSourceId();
            return id == null ? "untouched" : id;
        }

        @Override
        public InputStream getInputStream() throws IOException {
            try {
                return message.getMessageInputStream();
            } catch (MessagingException e) {
                throw new IOException("cannot read the content", e);
            }
        }

        @Override
        public long getMessageSize() throws IOException {
            try {
                return message.getMessageSize();
            } catch (MessagingException e) {
                throw new IOException("cannot measure the content", e);
            }
        }
    }
}
