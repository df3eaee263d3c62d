package org.relais.spool.james;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.apache.james.core.MailAddress;
import org.apache.james.server.core.MailImpl;
import org.apache.mailet.Attribute;
import org.apache.mailet.AttributeName;
import org.apache.mailet.AttributeValue;
import org.apache.mailet.Mail;
import org.apache.mailet.PerRecipientHeaders.Header;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.relais.spool.Changes;
import org.relais.spool.Claim;
import org.relais.spool.EnvelopeDetails;
import org.relais.spool.MessageContent;
import org.relais.spool.NewEnvelope;
import org.relais.spool.OpaqueState;
import org.relais.spool.PendingMessage;
import org.relais.spool.Stage;
import org.relais.spool.mail.MailState;

class SpoolMailsTest {
    private static final String OCTETS = "Subject: caf\u00e9\r\nX:1\r\n\r\n\u00e9\r\n";

    @TempDir
    Path home;

    private TestQueues queues;
    private SpoolMails mails;

    @BeforeEach
    void open() throws Exception {
        queues = new TestQueues(home);
        mails = queues.mails;
    }

    @AfterEach
    void close() throws Exception {
        queues.close();
    }

    @Test
    void aMailIsTheSameBehindTheSpool() throws Exception {
        MailImpl mail = mail("q.1");
        mail.addSpecificHeaderForRecipient(
                Header.builder().name("X-For").value("Bob: alone").build(), new MailAddress("bob@example.org"));
        mail.getMessage().addHeader("X-Score", "5");
        commit(mail);

        List<List<Claim>> groups = mails.groups(queues.server.claim(Stage.CHAIN, 10, Duration.ofMinutes(1)));
        MailImpl found = found(groups.get(0));

        assertThat(groups).hasSize(1);
        assertThat(found.getName()).isEqualTo("q.1");
        assertThat(found.getMaybeSender()).isEqualTo(mail.getMaybeSender());
        assertThat(found.getRecipients()).containsExactlyElementsOf(mail.getRecipients());
        assertThat(found.getState()).isEqualTo("transport");
        assertThat(found.getErrorMessage()).isEqualTo("why");
        assertThat(found.getRemoteAddr()).isEqualTo("192.0.2.1");
        assertThat(found.getRemoteHost()).isEqualTo("client.example.org");
        assertThat(found.getLastUpdated()).isEqualTo(new Date(5));
        assertThat(found.attributesMap()).isEqualTo(mail.attributesMap());
        assertThat(found.getPerRecipientSpecificHeaders()).isEqualTo(mail.getPerRecipientSpecificHeaders());
        assertThat(octets(found)).isEqualTo("X-Score: 5\r\n" + OCTETS);
    }

    @Test
    void envelopesWithAnotherStateAreAnotherMail() throws Exception {
        commit(mail("q.1"));
        List<Claim> claims = queues.server.claim(Stage.CHAIN, 10, Duration.ofMinutes(1));
        Claim moved = claims.get(1);
        OpaqueState elsewhere =
                MailState.of(moved.envelope().details()).withDelivery("relay").encode();
        SpoolWait.commit(
                queues.server,
                new Changes().update(moved, moved.envelope().details().withState(elsewhere)));
        claims.forEach(queues.server::release);

        List<List<Claim>> groups = mails.groups(queues.server.claim(Stage.CHAIN, 10, Duration.ofMinutes(1)));

        assertThat(groups).hasSize(2);
        assertThat(found(groups.get(0)).getRecipients()).hasSize(2);
    }

    @Test
    void anEnvelopeThatIsNoMailIsAGroupOfItsOwn() throws Exception {
        commit(mail("q.1"));
        List<Claim> claims = queues.server.claim(Stage.CHAIN, 10, Duration.ofMinutes(1));
        Claim broken = claims.get(0);
        SpoolWait.commit(
                queues.server,
                new Changes().update(broken, broken.envelope().details().withState(OpaqueState.ofText("?"))));
        claims.forEach(queues.server::release);

        assertThat(mails.groups(queues.server.claim(Stage.CHAIN, 10, Duration.ofMinutes(1))))
                .extracting(List::size)
                .containsExactlyInAnyOrder(1, 2);
    }

    @Test
    void dropsWhatHasNoJsonButKeepsTheTextOfAMailetsError() throws Exception {
        MailImpl mail = mail("q.1");
        mail.setAttribute(new Attribute(Mail.MAILET_ERROR, AttributeValue.ofUnserializable(new Exception("boom"))));
        mail.setAttribute(new Attribute(AttributeName.of("thread"), AttributeValue.ofUnserializable(new Object())));

        MailState state = mails.stateOf(mail);

        assertThat(state.attributes()).containsOnlyKeys("number", Mail.MAILET_ERROR.asString());
        assertThat(AttributeValue.fromJsonString(state.attributes().get(Mail.MAILET_ERROR.asString()))
                        .value())
                .isEqualTo("java.lang.Exception: boom");
    }

    @Test
    void dropsTheLongestAttributesThatTheSpoolHasNoRoomFor() throws Exception {
        MailImpl mail = mail("q.1");
        mail.setAttribute(new Attribute(AttributeName.of("huge"), AttributeValue.of("\u20ac".repeat(1_000_000))));
        mail.setAttribute(new Attribute(AttributeName.of("large"), AttributeValue.of("\u20ac".repeat(40_000))));

        MailState state = mails.stateOf(mail);

        assertThat(state.attributes()).containsOnlyKeys("number", "large");
        assertThat(state.encode().size()).isLessThan(OpaqueState.MAX_BYTES);
    }

    @Test
    void writesALargeMessageThroughBoundedMemory() throws Exception {
        MailImpl mail = mail("q.1");
        String large = OCTETS + "0123456789\r\n".repeat(200_000);
        mail.setMessageNoCopy(SpoolMessage.over(new javax.mail.internet.MimeMessage(
                null, new java.io.ByteArrayInputStream(large.getBytes(ISO_8859_1)))));

        commit(mail);

        assertThat(octets(found(queues.server.claim(Stage.CHAIN, 1, Duration.ofMinutes(1)))))
                .isEqualTo(large);
    }

    @Test
    void saysWhenTheBytesHaveToBeWrittenAnew() throws Exception {
        commit(mail("q.1"));
        List<Claim> claims = queues.server.claim(Stage.CHAIN, 1, Duration.ofMinutes(1));
        MessageContent content = queues.server.content(claims.get(0).envelope().message());
        MailImpl mail = mails.mail(claims.stream().map(Claim::envelope).toList(), content);

        assertThat(mails.isRewritten(mail.getMessage(), content)).isFalse();
        mail.getMessage().addHeader("X-Score", "5");
        assertThat(mails.isRewritten(mail.getMessage(), content)).isFalse();
        assertThat(mails.stateOf(mail).prefix()).isEqualTo("X-Score: 5\r\n");
        mail.getMessage().removeHeader("Subject");
        assertThat(mails.isRewritten(mail.getMessage(), content)).isTrue();
        assertThat(mails.stateOf(mail).prefix()).isEmpty();
    }

    private void commit(MailImpl mail) throws Exception {
        List<EnvelopeDetails> envelopes = mails.envelopes(mail, mails.stateOfWritten(mail), Stage.CHAIN, Instant.EPOCH);
        PendingMessage message = mails.write(queues.server, mail.getMessage());
        SpoolWait.commit(
                queues.server,
                Changes.append(
                        message, envelopes.stream().map(NewEnvelope::accepted).toList()));
    }

    private MailImpl found(List<Claim> group) throws Exception {
        return mails.mail(
                group.stream().map(Claim::envelope).toList(),
                queues.server.content(group.get(0).envelope().message()));
    }

    private static String octets(Mail mail) throws Exception {
        try (InputStream in = ((SpoolMessage) mail.getMessage()).open()) {
            return new String(in.readAllBytes(), ISO_8859_1);
        }
    }

    private static MailImpl mail(String name) throws Exception {
        MailImpl mail = MailImpl.builder()
                .name(name)
                .sender("alice@example.org")
                .addRecipients("bob@example.org", "carol@example.org", "dave@example.org")
                .state("transport")
                .errorMessage("why")
                .remoteAddr("192.0.2.1")
                .remoteHost("client.example.org")
                .lastUpdated(new Date(5))
                .addAttribute(new Attribute(AttributeName.of("number"), AttributeValue.of(5)))
                .build();
        mail.setMessageNoCopy(SpoolMessage.over(new javax.mail.internet.MimeMessage(
                null, new java.io.ByteArrayInputStream(OCTETS.getBytes(ISO_8859_1)))));
        return mail;
    }
}
