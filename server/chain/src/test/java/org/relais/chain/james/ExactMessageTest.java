package org.relais.chain.james;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import javax.mail.MessagingException;
import javax.mail.internet.MimeMessage;
import org.apache.james.lifecycle.api.LifecycleUtil;
import org.apache.james.server.core.MimeMessageInputStreamSource;
import org.apache.james.server.core.MimeMessageWrapper;
import org.junit.jupiter.api.Test;

class ExactMessageTest {
    private static final byte[] ODD = ("Subject: caf\u00e9\r\n"
                    + "X-Folded: one\r\n \r\n\ttwo  \r\n"
                    + "subject :  twice\r\n"
                    + "To: bob@example.org\r\n"
                    + "\r\n"
                    + ".dot\r\n..\r\n\u00e9 8bit\r\nlast line without end")
            .getBytes(StandardCharsets.ISO_8859_1);

    @Test
    void writesAnUntouchedMessageOctetForOctet() throws Exception {
        assertThat(written(ExactMessage.over(james(ODD)))).isEqualTo(ODD);
    }

    @Test
    void readingFieldsAndTheBodyChangesNothing() throws Exception {
        ExactMessage message = ExactMessage.over(james(ODD));

        assertThat(message.getHeader("To")).containsExactly("bob@example.org");
        assertThat(message.getContent()).isNotNull();

        assertThat(written(message)).isEqualTo(ODD);
        assertThat(read(message)).isEqualTo(ODD);
        assertThat(message.getMessageSize()).isEqualTo(ODD.length);
    }

    @Test
    void aFieldAddedOrRemovedLeavesTheOthersAndTheBodyAlone() throws Exception {
        ExactMessage message = ExactMessage.over(james(ODD));

        message.removeHeader("To");
        message.addHeader("X-New", "yes");
        message.saveChanges();

        String text = new String(written(message), StandardCharsets.ISO_8859_1);
        String odd = new String(ODD, StandardCharsets.ISO_8859_1);
        assertThat(text.replace("X-New: yes\r\n", "")).isEqualTo(odd.replace("To: bob@example.org\r\n", ""));
        assertThat(read(message)).isEqualTo(written(message));
        assertThat(message.getMessageSize()).isEqualTo(text.length());
    }

    @Test
    void aNewBodyIsWritten() throws Exception {
        ExactMessage message = ExactMessage.over(james(ODD));

        message.setText("new");
        message.saveChanges();

        assertThat(new String(written(message), StandardCharsets.ISO_8859_1)).endsWith("\r\n\r\nnew");
    }

    @Test
    void aSharedMessageKeepsItsBytesWhenTheFirstIsChangedAndReleased() throws Exception {
        ExactMessage first = ExactMessage.over(copyable());
        ExactMessage second = first.share();

        first.setHeader("Subject", "changed");
        LifecycleUtil.dispose(first);

        assertThat(written(second)).isEqualTo(ODD);
    }

    @Test
    void theLastToLetGoReleasesTheBytes() throws Exception {
        ExactMessage first = ExactMessage.over(copyable());
        ExactMessage second = first.share();
        LifecycleUtil.dispose(first);
        LifecycleUtil.dispose(first);
        assertThat(written(second)).isEqualTo(ODD);

        LifecycleUtil.dispose(second);

        org.assertj.core.api.Assertions.assertThatThrownBy(() -> written(second))
                .isInstanceOf(Exception.class);
    }

    @Test
    void aChangedMessageIsSharedAsItIsNow() throws Exception {
        ExactMessage first = ExactMessage.over(james(ODD));
        first.addHeader("X-New", "yes");

        ExactMessage second = first.share();
        first.removeHeader("X-New");

        assertThat(written(second)).isEqualTo(written(ExactMessage.over(changed())));
    }

    private static MimeMessage changed() throws Exception {
        ExactMessage message = ExactMessage.over(james(ODD));
        message.addHeader("X-New", "yes");
        return message;
    }

    /** A message of another kind, which is copied. */
    private static MimeMessage copyable() throws MessagingException {
        return new MimeMessage(null, new ByteArrayInputStream(ODD));
    }

    private static MimeMessageWrapper james(byte[] content) throws MessagingException {
        return new MimeMessageWrapper(MimeMessageInputStreamSource.create("test", new ByteArrayInputStream(content)));
    }

    private static byte[] written(MimeMessage message) throws IOException, MessagingException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        message.writeTo(out);
        return out.toByteArray();
    }

    private static byte[] read(MimeMessageWrapper message) throws IOException, MessagingException {
        try (InputStream in = message.getMessageInputStream()) {
            return in.readAllBytes();
        }
    }
}
