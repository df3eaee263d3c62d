package org.relais.mailets.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.commons.configuration2.BaseHierarchicalConfiguration;
import org.apache.james.core.MailAddress;
import org.apache.james.core.Username;
import org.apache.james.mailbox.inmemory.InMemoryMailboxManager;
import org.apache.james.mailbox.inmemory.quota.InMemoryPerUserMaxQuotaManager;
import org.apache.james.mailetcontainer.impl.MailetConfigImpl;
import org.apache.james.server.core.MailImpl;
import org.apache.james.server.core.MimeMessageInputStreamSource;
import org.apache.james.server.core.MimeMessageWrapper;
import org.apache.james.user.memory.MemoryUsersRepository;
import org.apache.mailet.Mail;
import org.apache.mailet.PerRecipientHeaders;
import org.apache.mailet.StorageDirective;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.relais.chain.james.PartlyDoneException;
import org.relais.delivery.dsn.DsnSettings;
import org.relais.model.event.EventField;
import org.relais.model.event.MailEvent;
import org.relais.model.event.MailEventKind;

/** Into James's mailboxes in memory. */
class MailboxDeliveryTest {
    private static final byte[] ODD = ("Subject: caf\u00e9\r\nX-Folded: one\r\n\ttwo \r\n\r\n.\r\n\u00e9 8bit\r\n")
            .getBytes(StandardCharsets.ISO_8859_1);

    private final List<MailEvent> events = new ArrayList<>();
    private final InMemoryPerUserMaxQuotaManager limits = new InMemoryPerUserMaxQuotaManager();
    private InMemoryMailboxManager mailboxes;
    private MailboxDelivery delivery;

    @BeforeEach
    void makeMailboxes() throws Exception {
        mailboxes = MemoryMailboxes.within(limits);
        delivery = new MailboxDelivery(
                MemoryUsersRepository.withVirtualHosting(new OneDomain()),
                mailboxes,
                events::add,
                new DsnSettings("mx.example.org", "postmaster@example.org", Locale.ENGLISH, 50_000),
                Clock.systemUTC());
        delivery.init(config(Map.of()));
    }

    @Test
    void deliversToEachRecipientAndRecordsEach() throws Exception {
        MailImpl mail = mail("bob@example.org", "carol@example.org");

        delivery.service(mail);

        assertThat(mail.getState()).isEqualTo(Mail.GHOST);
        assertThat(messages("bob@example.org", "INBOX")).hasSize(1);
        assertThat(messages("carol@example.org", "INBOX")).hasSize(1);
        assertThat(events).extracting(MailEvent::kind).containsOnly(MailEventKind.DELIVERED);
        assertThat(events)
                .extracting(MailEvent::forwardPaths)
                .containsExactly(List.of("bob@example.org"), List.of("carol@example.org"));
        assertThat(events.get(0).field(EventField.STATUS)).contains("2.0.0");
    }

    @Test
    void theMessageIsOctetForOctetBelowTheReturnPath() throws Exception {
        delivery.service(mail("bob@example.org"));

        assertThat(messages("bob@example.org", "INBOX"))
                .containsExactly("Return-Path: <alice@example.org>\r\n" + new String(ODD, StandardCharsets.ISO_8859_1));
    }

    @Test
    void theNullReversePathIsWrittenAsSuchAndAnOldReturnPathGoes() throws Exception {
        MailImpl mail = mail(
                "Return-Path: <mallory@example.net>\r\nSubject: x\r\n\r\ntext\r\n".getBytes(StandardCharsets.US_ASCII),
                "bob@example.org");
        mail.setSender(null);

        delivery.service(mail);

        assertThat(messages("bob@example.org", "INBOX"))
                .containsExactly("Return-Path: <>\r\nSubject: x\r\n\r\ntext\r\n");
    }

    @Test
    void aFolderChosenByAFilterIsMadeAndUsed() throws Exception {
        MailImpl mail = mail("bob@example.org", "carol@example.org");
        StorageDirective.builder()
                .targetFolder("/lists/james")
                .build()
                .encodeAsAttributes(Username.of("bob@example.org"))
                .forEach(mail::setAttribute);

        delivery.service(mail);

        assertThat(messages("bob@example.org", "lists.james")).hasSize(1);
        assertThat(messages("carol@example.org", "INBOX")).hasSize(1);
    }

    @Test
    void fieldsOfOneRecipientAreNotSeenByAnother() throws Exception {
        MailImpl mail = mail("bob@example.org", "carol@example.org");
        mail.addSpecificHeaderForRecipient(
                PerRecipientHeaders.Header.builder()
                        .name("Delivered-To")
                        .value("bob@example.org")
                        .build(),
                new MailAddress("bob@example.org"));

        delivery.service(mail);

        assertThat(messages("bob@example.org", "INBOX").get(0)).contains("\r\nDelivered-To: bob@example.org\r\n");
        assertThat(messages("carol@example.org", "INBOX").get(0)).doesNotContain("Delivered-To");
    }

    @Test
    void aMailboxThatRefusesLeavesOnlyItsOwnRecipientUndone() throws Exception {
        MailImpl mail = mail("bob@example.org", "carol@example.org");
        StorageDirective.builder()
                .targetFolder("no%such*name")
                .build()
                .encodeAsAttributes(Username.of("bob@example.org"))
                .forEach(mail::setAttribute);

        assertThatThrownBy(() -> delivery.service(mail)).isInstanceOf(PartlyDoneException.class);

        assertThat(mail.getRecipients()).containsExactly(new MailAddress("bob@example.org"));
        assertThat(messages("carol@example.org", "INBOX")).hasSize(1);
        assertThat(events)
                .singleElement()
                .satisfies(event -> assertThat(event.forwardPaths()).containsExactly("carol@example.org"));
    }

    @Test
    void theMailGoesOnWhereTheChainSaysSo() throws Exception {
        delivery.init(config(Map.of("consume", "false")));
        MailImpl mail = mail("bob@example.org");

        delivery.service(mail);

        assertThat(mail.getState()).isEqualTo(Mail.DEFAULT);
        assertThat(messages("bob@example.org", "INBOX")).hasSize(1);
    }

    private List<String> messages(String user, String folder) throws Exception {
        return MemoryMailboxes.messages(mailboxes, user, folder);
    }

    private static MailImpl mail(String... recipients) throws Exception {
        return mail(ODD, recipients);
    }

    private static MailImpl mail(byte[] content, String... recipients) throws Exception {
        MailImpl mail = MailImpl.builder()
                .name("0123456789BCD")
                .sender("alice@example.org")
                .addRecipients(recipients)
                .build();
        mail.setMessageNoCopy(
                new MimeMessageWrapper(MimeMessageInputStreamSource.create("test", new ByteArrayInputStream(content))));
        return mail;
    }

    private static MailetConfigImpl config(Map<String, String> parameters) {
        BaseHierarchicalConfiguration element = new BaseHierarchicalConfiguration();
        parameters.forEach(element::addProperty);
        MailetConfigImpl config = new MailetConfigImpl();
        config.setMailetName("MailboxDelivery");
        config.setConfiguration(element);
        return config;
    }
}
