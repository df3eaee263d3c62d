package org.relais.mailets.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.mail.MessagingException;
import org.apache.commons.configuration2.BaseHierarchicalConfiguration;
import org.apache.james.core.MailAddress;
import org.apache.james.mailetcontainer.impl.JamesMailetContext;
import org.apache.james.mailetcontainer.impl.MailetConfigImpl;
import org.apache.james.server.core.MailImpl;
import org.apache.james.server.core.MimeMessageInputStreamSource;
import org.apache.james.server.core.MimeMessageWrapper;
import org.apache.mailet.Attribute;
import org.apache.mailet.Mail;
import org.junit.jupiter.api.Test;
import org.relais.delivery.dsn.DsnSettings;
import org.relais.spool.james.DsnAttributes;
import org.relais.spool.james.SpoolMessage;
import org.relais.spool.mail.DsnRequest;

class DSNBounceTest {
    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
    private static final DsnSettings SETTINGS =
            new DsnSettings("mx.example.org", "postmaster@example.org", Locale.ENGLISH, 50_000);

    private record Sent(boolean hasSender, List<String> recipients, List<String> attributes, String text) {}

    private final List<Sent> sent = new ArrayList<>();
    private final JamesMailetContext context = new JamesMailetContext(new FixedDns(), new OneDomain(), null, null) {
        @Override
        public void sendMail(Mail mail) throws MessagingException {
            sent.add(new Sent(
                    mail.hasSender(),
                    mail.getRecipients().stream().map(MailAddress::asString).toList(),
                    mail.attributes().map(it -> it.getName().asString()).toList(),
                    octets(mail)));
        }
    };

    @Test
    void tellsWhatTheDeliveryFoundOut() throws Exception {
        MailImpl mail = failed("bob@example.net");

        bounce(Map.of("passThrough", "false", "messageString", "Sorry, says [machine]."))
                .service(mail);

        assertThat(mail.getState()).isEqualTo(Mail.GHOST);
        assertThat(sent).singleElement().satisfies(dsn -> {
            assertThat(dsn.hasSender()).isFalse();
            assertThat(dsn.recipients()).containsExactly("alice@example.org");
            assertThat(dsn.attributes()).isEmpty();
            assertThat(dsn.text())
                    .contains(
                            "From: ",
                            "<postmaster@example.org>\r\n",
                            "\r\nSorry, says mx.example.org.\r\n",
                            "\r\nReporting-MTA: dns; mx.example.org\r\n",
                            "\r\nArrival-Date: Mon, 23 Nov 2026 10:00:00 +0000\r\n",
                            "\r\nFinal-Recipient: rfc822; bob@example.net\r\n",
                            "\r\nAction: failed\r\n",
                            "\r\nStatus: 5.7.1\r\n",
                            "\r\nRemote-MTA: dns; mx.example.net\r\n",
                            "\r\nDiagnostic-Code: smtp; 550 5.7.1 not from you\r\n",
                            "\r\nLast-Attempt-Date: Tue, 24 Nov 2026 09:05:03 +0000\r\n",
                            "\r\nSubject: odd caf\u00e9\r\n\r\nthe body\r\n");
        });
    }

    @Test
    void whereNothingIsKnownTheChainSaysWhy() throws Exception {
        bounce(Map.of("messageString", "there is nobody\nof that name here\n", "defaultStatus", "5.1.1"))
                .service(mail("bob@example.org"));

        assertThat(sent)
                .singleElement()
                .satisfies(dsn -> assertThat(dsn.text())
                        .contains(
                                "\r\nStatus: 5.1.1\r\n",
                                "\r\nDiagnostic-Code: x-relais; 5.1.1 there is nobody of that name here\r\n")
                        .doesNotContain("Remote-MTA"));
    }

    @Test
    void aTimeThatIsNoneIsLeftOut() throws Exception {
        MailImpl mail = failed("bob@example.net");
        mail.setAttribute(Attribute.convertToAttribute("relais.delivery.attempted", "yesterday"));

        bounce(Map.of()).service(mail);

        assertThat(sent)
                .singleElement()
                .satisfies(dsn -> assertThat(dsn.text())
                        .contains("\r\nAction: failed\r\n")
                        .doesNotContain("Last-Attempt-Date"));
    }

    @Test
    void theErrorMessageOfTheMailIsAReason() throws Exception {
        MailImpl mail = mail("bob@example.org");
        mail.setErrorMessage("5.3.4 too big for us\n\tat org.example.Inner");

        bounce(Map.of("defaultStatus", "5.1.1")).service(mail);

        assertThat(mail.getState()).isEqualTo(Mail.DEFAULT);
        assertThat(sent)
                .singleElement()
                .satisfies(dsn -> assertThat(dsn.text())
                        .contains("\r\nStatus: 5.3.4\r\n", "\r\nDiagnostic-Code: x-relais; 5.3.4 too big for us\r\n"));
    }

    @Test
    void nobodyIsToldOfTheNullReversePathOrWhoAskedForSilence() throws Exception {
        MailImpl bounced = failed("bob@example.net");
        bounced.setSender(null);
        MailImpl silent = failed("bob@example.net");
        DsnAttributes.show(silent, Map.of("bob@example.net", new DsnRequest("", "", "NEVER", "")));

        bounce(Map.of()).service(bounced);
        bounce(Map.of()).service(silent);

        assertThat(sent).isEmpty();
    }

    @Test
    void whatTheSenderAskedForComesBack() throws Exception {
        MailImpl mail = failed("bob@example.net", "carol@example.net");
        Map<String, DsnRequest> asked = new LinkedHashMap<>();
        asked.put("bob@example.net", new DsnRequest("HDRS", "QQ+2B1", "FAILURE", "rfc822;Bobby@example.com"));
        asked.put("carol@example.net", new DsnRequest("HDRS", "QQ+2B1", "DELAY", ""));
        DsnAttributes.show(mail, asked);

        bounce(Map.of()).service(mail);

        assertThat(sent).singleElement().satisfies(dsn -> {
            assertThat(dsn.attributes()).isEmpty();
            assertThat(dsn.text())
                    .contains(
                            "\r\nOriginal-Envelope-Id: QQ+1\r\n",
                            "\r\nOriginal-Recipient: rfc822; Bobby@example.com\r\n",
                            "Content-Type: text/rfc822-headers")
                    .doesNotContain("carol@example.net", "the body");
        });
    }

    @Test
    void aHundredRecipientsAreInOneReportAndTheNextInAnother() throws Exception {
        String[] many = IntStream.rangeClosed(1, 101)
                .mapToObj(i -> "user" + i + "@example.net")
                .toArray(String[]::new);

        bounce(Map.of()).service(failed(many));

        assertThat(sent).hasSize(2);
        assertThat(sent.get(1).text()).containsOnlyOnce("Final-Recipient: ").contains("user101@example.net");
        assertThat(sent.stream().map(ids()).collect(Collectors.toSet())).hasSize(2);
    }

    @Test
    void attachmentAndSenderOfTheChainHold() throws Exception {
        bounce(Map.of("attachment", "heads", "sender", "help@example.org")).service(failed("bob@example.net"));

        assertThat(sent)
                .singleElement()
                .satisfies(dsn -> assertThat(dsn.text())
                        .contains("<help@example.org>\r\n")
                        .doesNotContain("the body"));
    }

    @Test
    void saysWhatIsWrongWithAParameter() {
        assertThatThrownBy(() -> bounce(Map.of("defaultStatus", "five"))).hasMessageContaining("five");
        assertThatThrownBy(() -> bounce(Map.of("action", "lost"))).hasMessageContaining("lost");
        assertThatThrownBy(() -> bounce(Map.of("sender", "not one"))).hasMessageContaining("not one");
        assertThatThrownBy(() -> bounce(Map.of("colour", "red"))).hasMessageContaining("colour");
    }

    private static Function<Sent, String> ids() {
        return dsn -> dsn.text()
                .lines()
                .filter(line -> line.startsWith("Message-ID: "))
                .findFirst()
                .orElseThrow();
    }

    private DSNBounce bounce(Map<String, String> parameters) throws MessagingException {
        BaseHierarchicalConfiguration element = new BaseHierarchicalConfiguration();
        parameters.forEach(element::addProperty);
        MailetConfigImpl config = new MailetConfigImpl();
        config.setMailetName("DSNBounce");
        config.setConfiguration(element);
        config.setMailetContext(context);
        DSNBounce bounce = new DSNBounce(SETTINGS, Clock.fixed(NOW, ZoneOffset.UTC));
        bounce.init(config);
        return bounce;
    }

    private static MailImpl failed(String... recipients) throws Exception {
        MailImpl mail = mail(recipients);
        mail.setAttribute(Attribute.convertToAttribute("delivery-error", "550 5.7.1 not from you"));
        mail.setAttribute(Attribute.convertToAttribute("relais.delivery.status", "5.7.1"));
        mail.setAttribute(Attribute.convertToAttribute("relais.delivery.remote", "mx.example.net"));
        mail.setAttribute(Attribute.convertToAttribute("relais.delivery.attempted", "2026-11-24T09:05:03.7Z"));
        return mail;
    }

    private static MailImpl mail(String... recipients) throws Exception {
        MailImpl mail = MailImpl.builder()
                .name("0123456789BCD")
                .sender("alice@example.org")
                .addRecipients(recipients)
                .lastUpdated(Date.from(Instant.parse("2026-11-23T10:00:00Z")))
                .build();
        byte[] content = "Subject: odd caf\u00e9\r\n\r\nthe body\r\n".getBytes(StandardCharsets.ISO_8859_1);
        mail.setMessageNoCopy(
                new MimeMessageWrapper(MimeMessageInputStreamSource.create("test", new ByteArrayInputStream(content))));
        return mail;
    }

    private static String octets(Mail mail) throws MessagingException {
        try (InputStream in = SpoolMessage.over(mail.getMessage()).open()) {
            return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (java.io.IOException e) {
            throw new MessagingException("unreadable", e);
        }
    }
}
