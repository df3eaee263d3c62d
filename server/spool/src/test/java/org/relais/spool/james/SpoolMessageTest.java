package org.relais.spool.james;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Collections;
import java.util.Optional;
import javax.mail.MessagingException;
import javax.mail.internet.MimeMessage;
import javax.mail.internet.MimeMultipart;
import org.apache.james.lifecycle.api.LifecycleUtil;
import org.apache.james.server.core.MimeMessageInputStreamSource;
import org.apache.james.server.core.MimeMessageWrapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.relais.spool.MessageContent;
import org.relais.spool.james.SpoolMessage.Change;

class SpoolMessageTest {
    private static final String ODD = "Subject: caf\u00e9\r\n"
            + "X:no space\r\n"
            + "X-Folded: one\r\n \r\n\ttwo  \r\n"
            + "subject :  twice\r\n"
            + "To: bob@example.org\r\n"
            + "\r\n"
            + ".dot\r\n..\r\n\u00e9 8bit\r\nlast line without end";
    private static final String PREFIX = "Received: by us\r\n";

    @ParameterizedTest
    @ValueSource(
            strings = {
                ODD,
                "",
                "\r\nbody alone",
                "Subject: header alone",
                "Subject: header alone\r\n",
                "Bare: line\nEnds: here\n\nbody\n",
                "A: 1\r\nA: 1\r\nA: 2\r\n\r\n\r\n\r\n"
            })
    void readsWithoutChangingAnyOctet(String message) throws Exception {
        SpoolMessage spooled = over(message, PREFIX);

        Collections.list(spooled.getAllHeaderLines());
        spooled.getSubject();
        spooled.getContentType();
        spooled.getSize();
        if (message.contains("\n\r\n")) {
            spooled.getContent();
        }
        spooled.saveChanges();

        assertThat(spooled.change()).isEqualTo(Change.NONE);
        assertThat(spooled.isModified()).isFalse();
        assertIs(spooled, PREFIX + message);
    }

    @Test
    void putsAddedFieldsIntoThePrefixWithoutALookAtTheBytes() throws Exception {
        SpoolMessage message = SpoolMessage.over(unreadable(), PREFIX);

        message.addHeader("X-Score", "5");
        message.addHeader("X-Score", "6");

        assertThat(message.change()).isEqualTo(Change.PREFIX);
        assertThat(message.prefix()).isEqualTo("X-Score: 6\r\nX-Score: 5\r\n" + PREFIX);
        assertThat(message.size()).isEqualTo(message.prefix().length() + 7);
    }

    @Test
    void readsTheHeaderOnlyWhenAskedForAField() throws Exception {
        Counted content = new Counted(ODD);
        SpoolMessage message = SpoolMessage.over(content, PREFIX);
        assertThat(content.opened).isZero();

        assertThat(message.getHeader("To")).containsExactly("bob@example.org");
        assertThat(message.getHeader("Subject")).containsExactly("caf\u00e9", "twice");
        assertThat(message.getHeader("Received", null)).isEqualTo("by us");

        assertThat(content.opened).isEqualTo(1);
    }

    @Test
    void editsTheLinesOfAFieldAndNoOther() throws Exception {
        SpoolMessage message = over(ODD, PREFIX);

        message.setHeader("Subject", "new");
        message.removeHeader("To");
        message.addHeader("X-New", "yes");
        message.saveChanges();

        assertThat(message.change()).isEqualTo(Change.HEADER);
        assertIs(
                message,
                "X-New: yes\r\n" + PREFIX
                        + ODD.replace("Subject: caf\u00e9", "Subject: new")
                                .replace("subject :  twice\r\n", "")
                                .replace("To: bob@example.org\r\n", ""));
    }

    @Test
    void aPrefixThatBecameTooLongIsAnEditedHeader() throws Exception {
        SpoolMessage message = over(ODD, "");

        message.addHeader("X-Long", "x".repeat(SpoolMessage.MOST_PREFIX));

        assertThat(message.change()).isEqualTo(Change.HEADER);
        assertIs(message, message.prefix() + ODD);
    }

    @Test
    void aNewBodyLeavesTheOtherFieldsAlone() throws Exception {
        SpoolMessage message = over(ODD, PREFIX);

        message.setText("new");
        message.saveChanges();

        assertThat(message.change()).isEqualTo(Change.BODY);
        assertThat(written(message))
                .contains(
                        PREFIX,
                        "Subject: caf\u00e9\r\nX:no space\r\nX-Folded: one\r\n \r\n\ttwo  \r\nsubject :  twice\r\n")
                .endsWith("\r\n\r\nnew");
        assertThat(read(message.open())).isEqualTo(written(message));
        assertThat(message.size()).isEqualTo(written(message).length());
        assertThat(message.getContent()).isEqualTo("new");
    }

    @Test
    void sharesItsBytesWithMessagesThatAreChangedApart() throws Exception {
        Counted content = new Counted(ODD);
        SpoolMessage first = SpoolMessage.over(content, PREFIX);
        first.addHeader("X-Both", "1");
        SpoolMessage second = first.share();

        first.setHeader("Subject", "changed");
        LifecycleUtil.dispose(first);

        assertThat(second.content()).isSameAs(content);
        assertThat(second.change()).isEqualTo(Change.PREFIX);
        assertIs(second, "X-Both: 1\r\n" + PREFIX + ODD);
    }

    @Test
    void sharesAnEditedHeaderAndCopiesAChangedBody() throws Exception {
        SpoolMessage edited = over(ODD, PREFIX);
        edited.removeHeader("To");
        SpoolMessage changed = over(ODD, PREFIX);
        changed.setText("new");

        assertIs(edited.share(), PREFIX + ODD.replace("To: bob@example.org\r\n", ""));
        assertThat(written(changed.share())).isEqualTo(written(changed));
    }

    @Test
    void readsPartsOfALargeMessageWhereTheyAre() throws Exception {
        String part = "--b\r\nContent-Type: text/plain\r\n\r\n" + "0123456789\r\n".repeat(20_000) + "\r\n";
        String large = "Content-Type: multipart/mixed; boundary=b\r\n\r\n" + part + part + "--b--\r\n";
        Counted content = new Counted(large);
        SpoolMessage message = SpoolMessage.over(content, PREFIX);

        MimeMultipart parts = (MimeMultipart) message.getContent();

        assertThat(parts.getCount()).isEqualTo(2);
        assertThat(parts.getBodyPart(1).getContent()).isEqualTo("0123456789\r\n".repeat(20_000));
        assertThat(message.change()).isEqualTo(Change.NONE);
        assertIs(message, PREFIX + large);
    }

    @Test
    void takesTheOctetsOfAnyOtherMessage() throws Exception {
        MimeMessageWrapper untouched = james();
        MimeMessageWrapper edited = james();
        edited.removeHeader("To");
        MimeMessage plain = new MimeMessage(null, new ByteArrayInputStream(octets(ODD)));

        assertIs(SpoolMessage.over(untouched), ODD);
        assertIs(SpoolMessage.over(edited), ODD.replace("To: bob@example.org\r\n", ""));
        assertIs(SpoolMessage.over(plain), ODD);
        LifecycleUtil.dispose(untouched);
        LifecycleUtil.dispose(edited);
    }

    @Test
    void theLastToLetGoReleasesACopy() throws Exception {
        SpoolMessage first = SpoolMessage.over(new MimeMessage(null, new ByteArrayInputStream(octets(ODD))));
        SpoolMessage second = first.share();
        LifecycleUtil.dispose(first);
        LifecycleUtil.dispose(first);
        assertIs(second, ODD);

        LifecycleUtil.dispose(second);

        assertThatThrownBy(second::open).isInstanceOf(MessagingException.class);
    }

    @Test
    void keepsItsOctetsThroughJamesOwnCopy() throws Exception {
        SpoolMessage message = over(ODD, PREFIX);
        MimeMessageWrapper copy = new MimeMessageWrapper(message);

        assertIs(SpoolMessage.over(copy), PREFIX + ODD);
        LifecycleUtil.dispose(copy);
    }

    private static void assertIs(SpoolMessage message, String expected) throws Exception {
        assertThat(written(message)).isEqualTo(expected);
        assertThat(read(message.open())).isEqualTo(expected);
        assertThat(read(message.getMessageInputStream())).isEqualTo(expected);
        assertThat(message.size()).isEqualTo(expected.length());
        assertThat(message.getMessageSize()).isEqualTo(expected.length());
        ByteArrayOutputStream header = new ByteArrayOutputStream();
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        message.writeTo(header, body);
        assertThat(header.toString(ISO_8859_1) + body.toString(ISO_8859_1)).isEqualTo(expected);
    }

    private static SpoolMessage over(String message, String prefix) {
        return SpoolMessage.over(new Counted(message), prefix);
    }

    private static MimeMessageWrapper james() throws MessagingException {
        return new MimeMessageWrapper(
                MimeMessageInputStreamSource.create("test", new ByteArrayInputStream(octets(ODD))));
    }

    private static String written(MimeMessage message) throws IOException, MessagingException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        message.writeTo(out);
        return out.toString(ISO_8859_1);
    }

    private static String read(InputStream in) throws IOException {
        try (in) {
            return new String(in.readAllBytes(), ISO_8859_1);
        }
    }

    private static byte[] octets(String text) {
        return text.getBytes(ISO_8859_1);
    }

    private static MessageContent unreadable() {
        return new MessageContent() {
            @Override
            public long size() {
                return 7;
            }

            @Override
            public InputStream open() throws IOException {
                throw new IOException("nobody should read this");
            }

            @Override
            public Optional<byte[]> inMemory() {
                return Optional.empty();
            }
        };
    }

    /** Bytes that are not in memory, as far as anybody can tell. */
    private static final class Counted implements MessageContent {
        private final byte[] bytes;
        private int opened;

        Counted(String message) {
            this.bytes = octets(message);
        }

        @Override
        public long size() {
            return bytes.length;
        }

        @Override
        public InputStream open() {
            opened++;
            return new ByteArrayInputStream(bytes);
        }

        @Override
        public Optional<byte[]> inMemory() {
            return Optional.empty();
        }
    }
}
