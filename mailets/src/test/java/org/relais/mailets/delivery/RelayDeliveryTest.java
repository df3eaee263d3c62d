package org.relais.mailets.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import javax.mail.MessagingException;
import org.apache.commons.configuration2.BaseHierarchicalConfiguration;
import org.apache.james.core.MailAddress;
import org.apache.james.mailetcontainer.impl.JamesMailetContext;
import org.apache.james.mailetcontainer.impl.MailetConfigImpl;
import org.apache.james.queue.api.RawMailQueueItemDecoratorFactory;
import org.apache.james.queue.memory.MemoryMailQueueFactory;
import org.apache.james.server.core.MailImpl;
import org.apache.james.server.core.MimeMessageInputStreamSource;
import org.apache.james.server.core.MimeMessageWrapper;
import org.apache.mailet.AttributeName;
import org.apache.mailet.AttributeUtils;
import org.apache.mailet.DsnParameters;
import org.apache.mailet.Mail;
import org.apache.mailet.MailetContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.relais.chain.identity.MailName;
import org.relais.delivery.dsn.DsnSettings;
import org.relais.delivery.engine.Retries;
import org.relais.model.event.EventField;
import org.relais.model.event.MailEvent;
import org.relais.model.event.MailEventKind;
import org.relais.smtpclient.Credentials;
import org.relais.smtpclient.TlsPolicy;
import org.relais.smtpclient.TlsPolicy.Level;
import org.relais.spool.BrowseFilter;
import org.relais.spool.Changes;
import org.relais.spool.Claim;
import org.relais.spool.Disposition;
import org.relais.spool.Envelope;
import org.relais.spool.NewEnvelope;
import org.relais.spool.Page;
import org.relais.spool.PendingMessage;
import org.relais.spool.Spool;
import org.relais.spool.Stage;
import org.relais.spool.james.SpoolMails;
import org.relais.spool.mail.MailState;
import org.relais.spool.memory.InMemorySpool;

/** From the spool through the dispatcher to scripted next hops on loopback. */
class RelayDeliveryTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    private final List<MailEvent> events = new CopyOnWriteArrayList<>();
    private final FixedDns dns = new FixedDns();
    private final JamesMailetContext context = new JamesMailetContext(dns, new OneDomain(), null, null);
    private final SpoolMails mails = new SpoolMails(MailName::queueId);
    private final Spool spool = new InMemorySpool(Clock.systemUTC());
    private final TestEngine engine = new TestEngine(spool, dns, events::add);
    private @Nullable RelayDelivery relay;
    private ScriptedHop hop;

    @BeforeEach
    void start() throws Exception {
        hop = new ScriptedHop();
    }

    @AfterEach
    void stop() throws Exception {
        engine.close();
        if (relay != null) {
            relay.destroy();
        }
        hop.close();
        assertThat(spool.accounts().difference()).isZero();
    }

    @Test
    void handsTheMailToTheSmartHostAndTellsSo() throws Exception {
        relay(smartHost());

        send(mail("bob@example.net", "carol@example.com"));

        awaitEvents(MailEventKind.DELIVERED, 2);
        assertThat(hop.commands)
                .containsSubsequence(
                        "EHLO relay.example.org",
                        "MAIL FROM:<alice@example.org> SIZE=38",
                        "RCPT TO:<bob@example.net>",
                        "RCPT TO:<carol@example.com>",
                        "DATA");
        assertThat(events(MailEventKind.QUEUED)).hasSize(1);
        assertThat(events(MailEventKind.ATTEMPTED)).singleElement().satisfies(event -> {
            assertThat(event.field(EventField.NEXT_HOP)).contains("127.0.0.1[127.0.0.1]:" + hop.port());
            assertThat(event.field(EventField.REPLY)).contains("250 2.0.0 taken as 4711");
            assertThat(event.field(EventField.TLS)).contains("none (not offered)");
            assertThat(event.field(EventField.ATTEMPT)).contains("1");
        });
        assertThat(events(MailEventKind.DELIVERED)).allSatisfy(event -> {
            assertThat(event.queueId().orElseThrow().value()).isEqualTo("0123456789BCD");
            assertThat(event.field(EventField.STATUS)).contains("2.0.0");
        });
        awaitEmpty();
        assertThat(spool.accounts().left(Disposition.DELIVERED)).isEqualTo(2);
    }

    @Test
    void keepsOddOctetsAsTheyAre() throws Exception {
        byte[] odd =
                ("Subject: caf\u00e9\r\nX-Folded: one\r\n\ttwo  \r\nBcc: dave@example.org\r\nContent-Length: 9\r\n\r\n"
                                + ".dot\r\n..two\r\n\u00e9\u00ff\r\n" + "x".repeat(998) + "\r\n.\r\nend\r\n")
                        .getBytes(StandardCharsets.ISO_8859_1);
        relay(smartHost());

        send(mail(odd, "bob@example.net"));

        awaitEvents(MailEventKind.DELIVERED, 1);
        assertThat(hop.contents).singleElement().isEqualTo(odd);
        assertThat(hop.commands).anyMatch(command -> command.contains("BODY=8BITMIME"));
    }

    @Test
    void refusesToSend8BitToAHopThatDoesNotTakeIt() throws Exception {
        hop.reply("EHLO", "250 scripted.test");
        relay(smartHost());

        send(mail("Subject: x\r\n\r\n\u00e9\r\n".getBytes(StandardCharsets.ISO_8859_1), "bob@example.net"));

        awaitEvents(MailEventKind.BOUNCED, 1);
        assertThat(events(MailEventKind.BOUNCED).get(0).field(EventField.STATUS))
                .contains("5.6.3");
        assertThat(hop.commands).noneMatch(command -> command.startsWith("MAIL"));
    }

    @Test
    void eachRecipientHasAnOutcomeOfItsOwn() throws Exception {
        hop.reply("RCPT TO:<unknown@", "550 5.1.1 nobody of that name");
        hop.reply("RCPT TO:<busy@", "450 4.2.1 come back later");
        hop.reply("RCPT TO:<full@", "552 5.2.2 mailbox full");
        relay(smartHost());

        send(mail("bob@example.net", "unknown@example.net", "busy@example.net", "full@example.net"));

        awaitEvents(MailEventKind.DEFERRED, 1);
        awaitEvents(MailEventKind.BOUNCED, 2);
        assertThat(fates(MailEventKind.DELIVERED)).containsExactly("bob@example.net 2.0.0");
        assertThat(fates(MailEventKind.BOUNCED))
                .containsExactlyInAnyOrder("unknown@example.net 5.1.1", "full@example.net 5.2.2");
        assertThat(fates(MailEventKind.DEFERRED)).containsExactly("busy@example.net 4.2.1");
        assertThat(forwardPaths(Stage.DELIVERY)).containsExactly("busy@example.net");
        assertThat(in(Stage.DELIVERY)).allSatisfy(envelope -> {
            assertThat(envelope.details().attempts()).isEqualTo(1);
            assertThat(envelope.details().reason()).contains("2.");
            assertThat(envelope.details().nextAttempt()).isAfter(spool.now().plus(Duration.ofMinutes(3)));
        });
        assertThat(in(Stage.CHAIN)).hasSize(2).allSatisfy(failed -> {
            assertThat(failed.details().attempts()).isZero();
            assertThat(MailState.of(failed.details()).processor()).isEqualTo("bounces");
            assertThat(MailState.of(failed.details()).ending()).isEqualTo(Disposition.FAILED_SILENTLY);
            assertThat(MailState.of(failed.details()).delivery()).isEmpty();
        });
        assertThat(in(Stage.CHAIN))
                .filteredOn(failed -> failed.details().forwardPath().equals("unknown@example.net"))
                .singleElement()
                .satisfies(failed -> assertThat(
                                MailState.of(failed.details()).attributes().get("delivery-error"))
                        .contains("550 5.1.1 nobody of that name"));
    }

    @Test
    void triesADeferredMailAgainAndCountsItsAttempts() throws Exception {
        hop.reply("RCPT", "451 4.7.1 greylisted");
        relay(smartHost(quick(Integer.MAX_VALUE)));

        send(mail("bob@example.net"));
        awaitEvents(MailEventKind.DEFERRED, 2);
        hop.reply("RCPT", "250 2.1.5 ok");

        awaitEvents(MailEventKind.DELIVERED, 1);
        List<String> attempts = events(MailEventKind.ATTEMPTED).stream()
                .map(event -> event.field(EventField.ATTEMPT).orElseThrow())
                .toList();
        assertThat(attempts).startsWith("1", "2", "3").doesNotHaveDuplicates();
    }

    @Test
    void bouncesWhatHasExpired() throws Exception {
        hop.reply("MAIL", "421 4.3.2 closing");
        relay(smartHost(quick(2)));
        Instant begin = Instant.now();

        send(mail("bob@example.net"));

        awaitEvents(MailEventKind.BOUNCED, 1);
        MailImpl failed = inChain();
        assertThat(Instant.parse(text(failed, "relais.delivery.attempted").orElseThrow()))
                .isBetween(begin, Instant.now());
        assertThat(events(MailEventKind.ATTEMPTED)).hasSize(2);
        assertThat(events(MailEventKind.BOUNCED).get(0).field(EventField.STATUS))
                .contains("5.4.7");
        assertThat(text(failed, "delivery-error").orElseThrow()).contains("421 4.3.2 closing");
    }

    @Test
    void aRefusedContentFailsForAllRecipients() throws Exception {
        hop.reply("CONTENT", "554 5.6.0 no");
        relay(smartHost());

        send(mail("bob@example.net", "carol@example.net"));

        awaitEvents(MailEventKind.BOUNCED, 2);
        assertThat(addresses(inChain())).hasSize(2);
    }

    @Test
    void aRefusedReversePathFailsForAllRecipients() throws Exception {
        hop.reply("MAIL", "550 5.1.8 bad sender");
        relay(smartHost());

        send(mail("bob@example.net"));

        awaitEvents(MailEventKind.BOUNCED, 1);
        assertThat(fates(MailEventKind.BOUNCED)).containsExactly("bob@example.net 5.1.8");
    }

    @Test
    void aLineThatBreaksDefers() throws Exception {
        hop.reply("DATA", "close");
        relay(smartHost());

        send(mail("bob@example.net"));

        awaitEvents(MailEventKind.DEFERRED, 1);
        assertThat(events(MailEventKind.BOUNCED)).isEmpty();
    }

    @Test
    void aMailWithTheNullReversePathIsNeverBounced() throws Exception {
        hop.reply("RCPT", "550 5.1.1 nobody");
        relay(smartHost());
        MailImpl mail = mail("bob@example.net");
        mail.setSender(null);

        send(mail);

        awaitEvents(MailEventKind.BOUNCED, 1);
        assertThat(hop.commands).anyMatch(command -> command.startsWith("MAIL FROM:<>"));
        awaitEmpty();
        assertThat(spool.accounts().left(Disposition.FAILED_SILENTLY)).isEqualTo(1);
    }

    @Test
    void goesToTheNextMxWhenTheFirstDoesNotAnswer() throws Exception {
        try (ScriptedHop closing = new ScriptedHop().reply("CONNECT", "421 4.3.2 not now")) {
            relay(TestEngine.settings(TestEngine.smartHost(closing.port(), hop.port())));

            send(mail("bob@example.net"));

            awaitEvents(MailEventKind.DELIVERED, 1);
            assertThat(events(MailEventKind.ATTEMPTED)).hasSize(2);
            assertThat(hop.contents).hasSize(1);
        }
    }

    @Test
    void asksDnsForEachDomain() throws Exception {
        dns.mx("example.net", "mx.example.net.").address("mx.example.net", "127.0.0.1");
        dns.mx("null.example", "");
        relay(byMx());

        send(mail("bob@example.net", "dave@null.example", "eve@missing.example"));

        awaitEvents(MailEventKind.DELIVERED, 1);
        awaitEvents(MailEventKind.BOUNCED, 2);
        assertThat(fates(MailEventKind.DELIVERED)).containsExactly("bob@example.net 2.0.0");
        assertThat(fates(MailEventKind.BOUNCED))
                .containsExactlyInAnyOrder("dave@null.example 5.1.10", "eve@missing.example 5.1.2");
        assertThat(events(MailEventKind.QUEUED)).hasSize(1);
    }

    @Test
    void defersWhenDnsIsDown() throws Exception {
        dns.isDown = true;
        relay(byMx());

        send(mail("bob@example.net"));

        awaitEvents(MailEventKind.DEFERRED, 1);
        assertThat(fates(MailEventKind.DEFERRED)).containsExactly("bob@example.net 4.4.3");
    }

    @Test
    void aFaultOfOursDefersHoweverOftenItWasTriedAndNeverBounces() throws Exception {
        relay(TestEngine.settings(TestEngine.byMx(hop.port()), quick(1)));
        dns.isBroken = true;

        send(mail("bob@example.net"));

        awaitEvents(MailEventKind.DEFERRED, 1);
        assertThat(fates(MailEventKind.DEFERRED)).containsExactly("bob@example.net 4.3.0");
        assertThat(events(MailEventKind.BOUNCED)).isEmpty();
        assertThat(forwardPaths(Stage.DELIVERY)).containsExactly("bob@example.net");
    }

    @Test
    void waitsRatherThanSendAPasswordInTheClear() throws Exception {
        relay(smartHost(Level.OPPORTUNISTIC, Optional.of(new Credentials("relay", "secret"))));

        send(mail("bob@example.net"));

        awaitEvents(MailEventKind.DEFERRED, 1);
        assertThat(hop.commands).noneMatch(command -> command.startsWith("AUTH"));
    }

    @Test
    void logsInInTheClearOnlyWhereTlsIsSwitchedOff() throws Exception {
        hop.reply("EHLO", "250-scripted.test\r\n250 AUTH PLAIN");
        hop.reply("AUTH", "235 2.7.0 welcome");
        relay(smartHost(Level.NONE, Optional.of(new Credentials("relay", "secret"))));

        send(mail("bob@example.net"));

        awaitEvents(MailEventKind.DELIVERED, 1);
        assertThat(hop.commands).anyMatch(command -> command.startsWith("AUTH PLAIN"));
    }

    @Test
    void goesOnInTheClearWhenOfferedTlsFails() throws Exception {
        hop.reply("EHLO", "250-scripted.test\r\n250 STARTTLS");
        hop.reply("STARTTLS", "220 go ahead");
        relay(smartHost());

        send(mail("bob@example.net"));

        await().atMost(SOON)
                .until(() -> !events(MailEventKind.DELIVERED).isEmpty()
                        || !events(MailEventKind.DEFERRED).isEmpty());
        assertThat(events(MailEventKind.DELIVERED)).hasSize(1);
    }

    @Test
    void waitsWhereTlsIsRequiredAndNotOffered() throws Exception {
        relay(smartHost(Level.REQUIRED, Optional.empty()));

        send(mail("bob@example.net"));

        awaitEvents(MailEventKind.DEFERRED, 1);
        assertThat(hop.commands).noneMatch(command -> command.startsWith("MAIL"));
    }

    @Test
    void passesDsnParametersOn() throws Exception {
        relay(smartHost());
        MailImpl mail = mail("bob@example.net", "carol@example.net");
        mail.setDsnParameters(DsnParameters.builder()
                .envId(DsnParameters.EnvId.of("QQ314159"))
                .ret(DsnParameters.Ret.HDRS)
                .addRcptParameter(
                        new MailAddress("bob@example.net"),
                        DsnParameters.RecipientDsnParameters.of(
                                java.util.EnumSet.of(DsnParameters.Notify.FAILURE, DsnParameters.Notify.DELAY)))
                .build()
                .orElseThrow());

        send(mail);

        awaitEvents(MailEventKind.DELIVERED, 2);
        assertThat(hop.commands)
                .anyMatch(command -> command.startsWith("MAIL")
                        && command.contains("RET=HDRS")
                        && command.contains("ENVID=QQ314159"))
                .anyMatch(command -> command.equals("RCPT TO:<bob@example.net> NOTIFY=FAILURE,DELAY"))
                .anyMatch(command -> command.equals("RCPT TO:<carol@example.net>"));
    }

    @Test
    void theBounceMailetOfTheChainReadsWhatTheDeliveryFoundOut() throws Exception {
        hop.reply("RCPT", "550 5.1.1 nobody of that name");
        relay(smartHost());
        send(mail("bob@example.net"));
        awaitEvents(MailEventKind.BOUNCED, 1);
        List<Mail> sent = new ArrayList<>();
        DSNBounce bounce = new DSNBounce(
                new DsnSettings("relay.example.org", "postmaster@example.org", Locale.ENGLISH, 50_000),
                Clock.systemUTC());
        bounce.init(config(Map.of("passThrough", "false"), sendingTo(sent)));

        bounce.service(inChain());

        Mail report = sent.get(0);
        assertThat(report.hasSender()).isFalse();
        assertThat(addresses(report)).containsExactly("alice@example.org");
        assertThat(new String(content(report), StandardCharsets.ISO_8859_1))
                .contains(
                        "message/delivery-status",
                        "Final-Recipient: rfc822; bob@example.net\r\n",
                        "Status: 5.1.1\r\n",
                        "Remote-MTA: dns; [127.0.0.1]\r\n",
                        "Diagnostic-Code: smtp; 550 5.1.1 nobody of that name\r\n");
    }

    @Test
    void anOldChainsParametersGoBeforeTheHomesSettings() throws Exception {
        relay = new RelayDelivery(engine.deliveries(), smartHost(), events::add);
        relay.init(config(Map.of(
                "gateway", "127.0.0.1",
                "gatewayPort", Integer.toString(hop.port()),
                "heloName", "old.example.org",
                "delayTime", "2*10 ms, 1 hour",
                "maxRetries", "3",
                "onSuccess", "archive")));
        engine.start();

        send(mail("bob@example.net"));

        awaitEvents(MailEventKind.DELIVERED, 1);
        assertThat(hop.commands).contains("EHLO old.example.org");
        await().atMost(SOON).until(() -> !in(Stage.CHAIN).isEmpty());
        assertThat(in(Stage.CHAIN)).singleElement().satisfies(delivered -> {
            assertThat(MailState.of(delivered.details()).processor()).isEqualTo("archive");
            assertThat(MailState.of(delivered.details()).ending()).isEqualTo(Disposition.DELIVERED);
        });
        assertThat(relay.requiredProcessingState())
                .extracting(state -> state.getValue())
                .containsExactly("bounces", "archive");
    }

    @Test
    void saysWhatIsWrongWithAParameter() {
        relay = new RelayDelivery(engine.deliveries(), smartHost(), events::add);

        assertThatThrownBy(() -> relay.init(config(Map.of("delayTime", "5000, bananas"))))
                .hasMessageContaining("delayTime")
                .hasMessageContaining("bananas");
        assertThatThrownBy(() -> relay.init(config(Map.of("maxRetries", "many"))))
                .hasMessageContaining("maxRetries");
        assertThatThrownBy(() -> relay.init(config(Map.of("gateway", "smart host"))))
                .hasMessageContaining("smart host");
    }

    private RelaySettings smartHost() {
        return TestEngine.settings(TestEngine.smartHost(hop.port()));
    }

    private RelaySettings smartHost(TlsPolicy.Level tls, Optional<Credentials> credentials) {
        return TestEngine.settings(
                TestEngine.smartHost(new TlsPolicy(tls, false, "the test"), credentials, hop.port()));
    }

    private RelaySettings smartHost(Retries retries) {
        return TestEngine.settings(TestEngine.smartHost(hop.port()), retries);
    }

    private RelaySettings byMx() {
        return TestEngine.settings(TestEngine.byMx(hop.port()));
    }

    private static Retries quick(int mostAttempts) {
        return new ChainSchedule(List.of(Duration.ofMillis(20)), mostAttempts);
    }

    private void relay(RelaySettings settings) throws Exception {
        relay = new RelayDelivery(engine.deliveries(), settings, events::add);
        relay.init(config(Map.of()));
        engine.start();
    }

    /** As the chain does. */
    private void send(MailImpl mail) throws Exception {
        RelayDelivery delivery = Objects.requireNonNull(relay);
        delivery.service(mail);
        assertThat(mail.getState()).isEqualTo(Mail.GHOST);
        append(mail, delivery.delivery(), delivery.priority(mail));
    }

    private void append(MailImpl mail, String delivery, int priority) throws Exception {
        PendingMessage message = mails.write(spool, mail.getMessage());
        List<NewEnvelope> envelopes = mails
                .envelopes(mail, mails.stateOfWritten(mail).withDelivery(delivery), Stage.DELIVERY, Instant.EPOCH)
                .stream()
                .map(details -> NewEnvelope.accepted(details.withPriority(priority)))
                .toList();
        spool.commit(Changes.append(message, envelopes)).toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    private List<Envelope> in(Stage stage) throws Exception {
        return spool.browse(BrowseFilter.ALL.withStage(stage), Optional.empty(), 100).entries().stream()
                .map(entry -> ((Page.Entry.Item) entry).envelope())
                .toList();
    }

    private List<String> forwardPaths(Stage stage) throws Exception {
        return in(stage).stream()
                .map(envelope -> envelope.details().forwardPath())
                .toList();
    }

    /** The one mail that came back into the chain. */
    private MailImpl inChain() throws Exception {
        List<List<Claim>> groups = mails.groups(spool.claim(Stage.CHAIN, 100, Duration.ofMinutes(5)));
        assertThat(groups).hasSize(1);
        List<Envelope> envelopes = groups.get(0).stream().map(Claim::envelope).toList();
        return mails.mail(envelopes, spool.content(envelopes.get(0).message()));
    }

    private void awaitEmpty() {
        await().atMost(SOON).until(() -> spool.accounts().inSpool() == 0);
    }

    private MailetContext sendingTo(List<Mail> sent) throws Exception {
        MemoryMailQueueFactory unused =
                new MemoryMailQueueFactory(new RawMailQueueItemDecoratorFactory(), Clock.systemUTC());
        JamesMailetContext sending = new JamesMailetContext(dns, new OneDomain(), null, unused) {
            @Override
            public void sendMail(Mail mail) throws MessagingException {
                sent.add(mail.duplicate());
            }
        };
        BaseHierarchicalConfiguration postmaster = new BaseHierarchicalConfiguration();
        postmaster.addProperty("postmaster", "postmaster@example.org");
        sending.configure(postmaster);
        return sending;
    }

    private MailetConfigImpl config(Map<String, String> parameters) {
        return config(parameters, context);
    }

    private static MailetConfigImpl config(Map<String, String> parameters, MailetContext context) {
        BaseHierarchicalConfiguration element = new BaseHierarchicalConfiguration();
        parameters.forEach((name, value) -> element.addProperty(name.replace(".", ".."), value));
        MailetConfigImpl config = new MailetConfigImpl();
        config.setMailetName("RelayDelivery");
        config.setConfiguration(element);
        config.setMailetContext(context);
        return config;
    }

    private static MailImpl mail(String... recipients) throws Exception {
        return mail("Subject: test\r\n\r\nHello, how are you?\r\n".getBytes(StandardCharsets.ISO_8859_1), recipients);
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

    private void awaitEvents(MailEventKind kind, int count) {
        await().atMost(SOON).until(() -> events(kind).size() >= count);
    }

    private List<MailEvent> events(MailEventKind kind) {
        return events.stream().filter(event -> event.kind() == kind).toList();
    }

    private List<String> fates(MailEventKind kind) {
        return events(kind).stream()
                .map(event -> String.join(",", event.forwardPaths()) + " "
                        + event.field(EventField.STATUS).orElseThrow())
                .toList();
    }

    private static List<String> addresses(Mail mail) {
        return mail.getRecipients().stream().map(MailAddress::asString).toList();
    }

    private static Optional<String> text(Mail mail, String attribute) {
        return AttributeUtils.getValueAndCastFromMail(mail, AttributeName.of(attribute), String.class);
    }

    private static byte[] content(Mail mail) throws Exception {
        try (InputStream in = ((MimeMessageWrapper) mail.getMessage()).getMessageInputStream()) {
            return in.readAllBytes();
        }
    }
}
