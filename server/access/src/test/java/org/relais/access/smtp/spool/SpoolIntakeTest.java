package org.relais.access.smtp.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.mailet.AttributeValue;
import org.apache.mailet.Mail;
import org.junit.jupiter.api.Test;
import org.relais.access.smtp.Intake;
import org.relais.access.smtp.MailPath;
import org.relais.access.smtp.ReceivedMail;
import org.relais.access.smtp.Role;
import org.relais.access.smtp.SessionFacts;
import org.relais.access.smtp.TlsSession;
import org.relais.model.QueueId;
import org.relais.spool.BrowseFilter;
import org.relais.spool.Envelope;
import org.relais.spool.Origin;
import org.relais.spool.Page;
import org.relais.spool.SpoolException;
import org.relais.spool.Stage;
import org.relais.spool.mail.DsnRequest;
import org.relais.spool.mail.MailState;
import org.relais.spool.memory.InMemorySpool;

class SpoolIntakeTest {
    private static final QueueId ID = new QueueId("ID1");
    private static final Instant AT = Instant.parse("2026-11-24T09:05:03Z");

    private final GatedSpool spool = new GatedSpool(new InMemorySpool(Clock.systemUTC()));
    private final SpoolIntake intake = new SpoolIntake(spool);

    @Test
    void makesOneMessageAndAnEnvelopeForEachForwardPath() throws Exception {
        Intake.Content content = intake.open(ID);
        content.write(ByteBuffer.wrap("Subject: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));

        content.commit(mail("alice@example.org", null, "bob@example.org", "carol@example.org"), null)
                .toCompletableFuture()
                .join();

        List<Page.Entry> entries =
                spool.browse(BrowseFilter.ALL, Optional.empty(), 10).entries();
        assertThat(entries).extracting(SpoolIntakeTest::envelope).allSatisfy(envelope -> {
            assertThat(envelope.queueId()).isEqualTo(ID);
            assertThat(envelope.stage()).isEqualTo(Stage.CHAIN);
            assertThat(envelope.origin()).isEqualTo(Origin.ACCEPTED);
            assertThat(envelope.details().reversePath()).isEqualTo("dave@example.net");
            assertThat(envelope.message()).isEqualTo(envelope(entries.get(0)).message());
            MailState state = MailState.of(envelope.details());
            assertThat(state.name()).isEqualTo("ID1");
            assertThat(state.processor()).isEqualTo("root");
            assertThat(state.remoteAddress()).isEqualTo("192.0.2.7");
            assertThat(state.lastUpdated()).isEqualTo(AT);
        });
        assertThat(entries)
                .extracting(entry -> envelope(entry).details().forwardPath())
                .containsExactly("bob@example.org", "carol@example.org");
    }

    @Test
    void writesAttributesThatJamesReads() throws Exception {
        String odd = "a\"b\\c\u0001\u00e9\u20ac{}";
        TlsSession tls = new TlsSession("TLSv1.3", "TLS_AES_256_GCM_SHA384");
        SessionFacts session = new SessionFacts(
                Role.SUBMISSION, "s1", new InetSocketAddress("127.0.0.1", 1), odd, true, odd, tls, true);

        Map<String, AttributeValue<?>> read = new HashMap<>();
        for (Map.Entry<String, String> attribute : MailAttributes.of(session).entrySet()) {
            read.put(attribute.getKey(), AttributeValue.fromJsonString(attribute.getValue()));
        }

        assertThat(read)
                .containsOnly(
                        Map.entry(Mail.SMTP_SESSION_ID.asString(), AttributeValue.of("s1")),
                        Map.entry(Mail.SMTP_HELO.asString(), AttributeValue.of(odd)),
                        Map.entry(Mail.SMTP_AUTH_USER.asString(), AttributeValue.of(odd)),
                        Map.entry("relais.mayRelay", AttributeValue.of(true)),
                        Map.entry("org.apache.james.SMTPIsAuthNetwork", AttributeValue.of(true)),
                        Map.entry("relais.tls", AttributeValue.of(tls.toString())));
    }

    @Test
    void saysNothingOfWhatIsNotThere() throws Exception {
        SessionFacts session =
                new SessionFacts(Role.SMTP, "s1", new InetSocketAddress("127.0.0.1", 1), "c", true, null, null, false);

        assertThat(MailAttributes.of(session))
                .containsOnlyKeys(Mail.SMTP_SESSION_ID.asString(), Mail.SMTP_HELO.asString(), "relais.mayRelay")
                .containsEntry(
                        "relais.mayRelay",
                        AttributeValue.of(false).toJson().orElseThrow().toString());
    }

    @Test
    void failsWithTheSpoolsReason() {
        spool.failWith(new SpoolException.Busy("busy"));
        Intake.Content content = intake.open(ID);

        assertThatThrownBy(() -> content.commit(mail(null, null, "bob@example.org"), null)
                        .toCompletableFuture()
                        .join())
                .hasCauseInstanceOf(SpoolException.Busy.class);
    }

    private static Envelope envelope(Page.Entry entry) {
        return ((Page.Entry.Item) entry).envelope();
    }

    private static ReceivedMail mail(String user, TlsSession tls, String... forwardPaths) throws Exception {
        InetSocketAddress client = new InetSocketAddress(InetAddress.getByName("192.0.2.7"), 4000);
        return new ReceivedMail(
                ID,
                MailPath.parse("dave@example.net").orElseThrow(),
                Stream.of(forwardPaths)
                        .map(path -> MailPath.parse(path).orElseThrow())
                        .toList(),
                new SessionFacts(Role.SMTP, "s1", client, "c.example", true, user, tls, user != null),
                AT,
                14,
                false,
                Collections.nCopies(forwardPaths.length, DsnRequest.NONE));
    }
}
