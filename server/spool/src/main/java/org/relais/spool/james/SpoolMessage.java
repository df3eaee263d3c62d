package org.relais.spool.james;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import javax.activation.DataHandler;
import javax.mail.MessagingException;
import javax.mail.internet.InternetHeaders;
import javax.mail.internet.MimeMessage;
import javax.mail.internet.MimeUtility;
import org.apache.commons.io.output.CountingOutputStream;
import org.apache.james.server.core.MimeMessageWrapper;
import org.jspecify.annotations.Nullable;
import org.relais.spool.MessageContent;
import org.relais.spool.mail.HeaderFields;

/**
 * A message over bytes of the spool, with header fields on top that are not part of them.
 *
 * <p>Reading changes nothing. A field that is added goes into the prefix on top, without a look at the bytes; one that
 * is set or removed changes its own lines; all others, and the body, stay octet for octet. Only {@code setContent} and
 * what comes down to it make JavaMail write the body anew. The header is parsed when it is asked for, the body when it
 * is, and a large one is never copied into memory.
 *
 * <p>The bytes have to stay: of a message in the spool while its envelope is claimed. Not for use by several threads at
 * once; those who {@link #share} the bytes may be in other threads.
 */
public final class SpoolMessage extends MimeMessageWrapper {
    /** A longer prefix becomes part of the bytes: it is kept with each envelope until then. */
    public static final int MOST_PREFIX = 32 * 1024;

    private final SharedContent.Lease lease;
    private final String given;
    /** What was added on top, while the header is not parsed. */
    private String prefix;

    /** How a message differs from the bytes and the prefix that it was made over. */
    public enum Change {
        NONE,
        /** Fields were added on top: {@link #prefix()} has them all. */
        PREFIX,
        /** Fields below the prefix were changed, or the prefix became too long. */
        HEADER,
        BODY
    }

    private SpoolMessage(SharedContent.Lease lease, String given, String prefix) {
        super(lease);
        this.lease = lease;
        this.given = given;
        this.prefix = prefix;
    }

    /** @param prefix header fields with their CRLFs that stand on top of the bytes, each char an octet */
    public static SpoolMessage over(MessageContent content, String prefix) {
        return new SpoolMessage(new SharedContent(content, () -> {}).lease(), prefix, prefix);
    }

    /**
     * A message with the octets of {@code message}: shared where that is possible, copied otherwise. The caller keeps
     * {@code message}, and disposes of both.
     */
    public static SpoolMessage over(MimeMessage message) throws MessagingException {
        return message instanceof SpoolMessage spooled ? spooled.share() : copy(message);
    }

    private static SpoolMessage copy(MimeMessage message) throws MessagingException {
        TemporaryContent copy = TemporaryContent.of(message);
        return new SpoolMessage(new SharedContent(copy, copy::release).lease(), "", "");
    }

    /** Another message that reads the same now and is changed by itself; only a changed body is copied. */
    public SpoolMessage share() throws MessagingException {
        if (bodyModified) {
            return copy(this);
        }
        SpoolMessage other = new SpoolMessage(lease.another(), given, prefix);
        if (headers instanceof RawHeaders raw) {
            other.headers = new RawHeaders(raw.fields().copy());
        }
        other.headersModified = headersModified;
        other.flags = getFlags();
        return other;
    }

    public Change change() {
        if (bodyModified) {
            return Change.BODY;
        }
        if (headers instanceof RawHeaders raw && raw.fields().isEdited()) {
            return Change.HEADER;
        }
        String now = prefix();
        if (now.equals(given)) {
            return Change.NONE;
        }
        return now.length() > MOST_PREFIX ? Change.HEADER : Change.PREFIX;
    }

    /** The fields on top of the bytes with their CRLFs, each char an octet. */
    public String prefix() {
        return headers instanceof RawHeaders raw ? raw.fields().prefix() : prefix;
    }

    /** The bytes below the prefix, as they are in the spool. */
    public MessageContent content() {
        return lease.content();
    }

    @SuppressWarnings("ReferenceEquality") // these very bytes, not equal ones
    boolean isOver(MessageContent bytes) {
        return content() == bytes;
    }

    /** The octets as they are now. A changed body is written to a temporary file first. */
    public InputStream open() throws MessagingException {
        try {
            if (bodyModified) {
                return openCopy();
            }
            if (isHeaderEdited()) {
                return new SequenceInputStream(
                        new ByteArrayInputStream(fields().octets()), ContentStream.of(content(), fields().length()));
            }
            InputStream bytes = lease.getInputStream();
            String top = prefix();
            return top.isEmpty() ? bytes : new SequenceInputStream(new ByteArrayInputStream(octets(top)), bytes);
        } catch (IOException e) {
            throw new MessagingException("cannot read the content", e);
        }
    }

    private InputStream openCopy() throws MessagingException, IOException {
        TemporaryContent copy = TemporaryContent.of(this);
        return new FilterInputStream(copy.open()) {
            @Override
            public void close() throws IOException {
                super.close();
                copy.release();
            }
        };
    }

    /** Octets of {@link #open}. */
    public long size() throws MessagingException {
        if (bodyModified) {
            try (CountingOutputStream count = new CountingOutputStream(OutputStream.nullOutputStream())) {
                writeOctets(count);
                return count.getByteCount();
            } catch (IOException e) {
                throw new MessagingException("cannot measure the content", e);
            }
        }
        if (isHeaderEdited()) {
            return fields().octets().length + content().size() - fields().length();
        }
        return prefix().length() + content().size();
    }

    void writeOctets(OutputStream out) throws MessagingException, IOException {
        if (bodyModified) {
            writeTo(out, out, new String[0], false);
        } else {
            try (InputStream in = open()) {
                in.transferTo(out);
            }
        }
    }

    // ------------------------------------------------------------------ header

    private boolean isHeaderEdited() {
        return headers instanceof RawHeaders raw && raw.fields().isEdited();
    }

    private HeaderFields fields() throws MessagingException {
        loadHeaders();
        return ((RawHeaders) headers).fields();
    }

    @Override
    protected void loadHeaders() throws MessagingException {
        if (headers == null) {
            try (InputStream in = lease.getInputStream()) {
                headers = createInternetHeaders(in);
            } catch (IOException e) {
                throw new MessagingException("cannot read the header", e);
            }
        }
    }

    @Override
    protected InternetHeaders createInternetHeaders(InputStream in) throws MessagingException {
        try {
            HeaderFields fields = HeaderFields.read(in);
            fields.prepend(prefix);
            return new RawHeaders(fields);
        } catch (IOException e) {
            throw new MessagingException("cannot read the header", e);
        }
    }

    @Override
    public void addHeader(String name, @Nullable String value) throws MessagingException {
        changing();
        if (headers != null) {
            headers.addHeader(name, value);
        } else if (value != null) {
            prefix = HeaderFields.field(name, value) + prefix;
        }
    }

    @Override
    public void setHeader(String name, @Nullable String value) throws MessagingException {
        loadHeaders();
        changing();
        headers.setHeader(name, value);
    }

    @Override
    public void removeHeader(String name) throws MessagingException {
        loadHeaders();
        changing();
        headers.removeHeader(name);
    }

    @Override
    public void addHeaderLine(String line) throws MessagingException {
        loadHeaders();
        changing();
        headers.addHeaderLine(line);
    }

    private void changing() {
        headersModified = true;
        saved = false;
    }

    @Override
    public boolean isModified() {
        return change() != Change.NONE;
    }

    /**
     * Leaves the header of an unchanged body alone: JavaMail would write a Content-Transfer-Encoding for a body that it
     * then does not encode, and a MIME-Version, Date and Message-ID that the mail came without.
     */
    @Override
    protected void updateHeaders() throws MessagingException {
        if (bodyModified) {
            super.updateHeaders();
        }
    }

    // ------------------------------------------------------------------ body

    @Override
    public void loadMessage() throws MessagingException {
        if (!messageParsed) {
            contentStream = ContentStream.of(content(), fields().length());
            messageParsed = true;
        }
    }

    @Override
    public void setDataHandler(DataHandler handler) throws MessagingException {
        loadHeaders();
        super.setDataHandler(handler);
    }

    @Override
    public InputStream getRawInputStream() throws MessagingException {
        return bodyModified ? super.getRawInputStream() : ContentStream.of(content(), fields().length());
    }

    /** Octets of the body; -1 if it was changed. */
    @Override
    public int getSize() throws MessagingException {
        return bodyModified ? -1 : (int) Math.min(Integer.MAX_VALUE, content().size() - fields().length());
    }

    @Override
    public long getMessageSize() throws MessagingException {
        return size();
    }

    @Override
    public InputStream getMessageInputStream() throws MessagingException {
        return open();
    }

    @Override
    public void writeTo(OutputStream headerOs, OutputStream bodyOs, String @Nullable [] ignoreList, boolean preLoad)
            throws IOException, MessagingException {
        boolean isWhole = ignoreList == null || ignoreList.length == 0;
        if (isWhole && !bodyModified && isSame(headerOs, bodyOs)) {
            writeOctets(bodyOs);
            return;
        }
        if (bodyModified && !saved) {
            saveChanges();
        }
        String separator = fields().separator();
        headerOs.write(octets(
                ((RawHeaders) headers).without(Optional.ofNullable(ignoreList).orElse(new String[0]))));
        headerOs.write(octets(separator.isEmpty() && bodyModified ? "\r\n" : separator));
        if (bodyModified) {
            OutputStream encoder = MimeUtility.encode(bodyOs, getEncoding());
            getDataHandler().writeTo(encoder);
            encoder.flush();
        } else {
            try (InputStream body = getRawInputStream()) {
                body.transferTo(bodyOs);
            }
        }
    }

    @SuppressWarnings("ReferenceEquality") // the same stream, not an equal one
    private static boolean isSame(OutputStream one, OutputStream other) {
        return one == other;
    }

    private static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
