package org.relais.delivery.engine;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.relais.testkit.smtp.ScriptedSmtpServer.scriptedServer;

import io.netty.channel.nio.NioEventLoopGroup;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.relais.delivery.Outcome;
import org.relais.delivery.control.ControlFile;
import org.relais.delivery.control.DeliveryControl;
import org.relais.delivery.dsn.DsnSettings;
import org.relais.delivery.route.Hops;
import org.relais.delivery.route.Route;
import org.relais.delivery.route.Routes;
import org.relais.model.QueueId;
import org.relais.model.QueueIdGenerator;
import org.relais.model.event.EventField;
import org.relais.model.event.MailEvent;
import org.relais.model.event.MailEventKind;
import org.relais.smtpclient.ClientSettings;
import org.relais.smtpclient.Endpoint;
import org.relais.smtpclient.Protocol;
import org.relais.smtpclient.TlsPolicy;
import org.relais.smtpclient.netty.NettySmtpClient;
import org.relais.smtpclient.netty.PeerTrust;
import org.relais.spool.Changes;
import org.relais.spool.EnvelopeDetails;
import org.relais.spool.NewEnvelope;
import org.relais.spool.PendingMessage;
import org.relais.spool.Spool;
import org.relais.spool.Stage;
import org.relais.spool.mail.MailState;
import org.relais.spool.memory.InMemorySpool;
import org.relais.testkit.smtp.ScriptedSmtpServer;

/** {@code convert="yes"}: from the spool over a socket to servers that take less than the mail is. */
class ConvertingRouteTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final DeliveryName OUTGOING = DeliveryName.of("outgoing", Map.of());
    private static final String HEAD = "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=iso-8859-1\r\n";
    private static final String EIGHT_BIT = HEAD + "Content-Transfer-Encoding: 8bit\r\n\r\n.caf\u00e9\r\n";

    private final Spool spool = new InMemorySpool(Clock.systemUTC());
    private final List<MailEvent> events = new CopyOnWriteArrayList<>();
    private final Deliveries deliveries = new Deliveries();
    private final NioEventLoopGroup loops = new NioEventLoopGroup(1);
    private final ExecutorService blocking = Executors.newCachedThreadPool();
    private final NettySmtpClient client =
            new NettySmtpClient(ClientSettings.STANDARD, loops, blocking, System::nanoTime, new PeerTrust(null));
    private ScriptedSmtpServer hop;
    private DeliveryEngine engine;

    @BeforeEach
    void start(@TempDir Path folder) throws Exception {
        DeliveryControl control = DeliveryControl.open(new ControlFile(folder.resolve("delivery.json")), spool::now);
        engine = new DeliveryEngine(new DeliveryEngine.Parts(
                spool,
                client,
                destination -> CompletableFuture.completedFuture(new Hops.Found(List.of(endpoint()))),
                new SimpleSchedule(10, 100),
                deliveries,
                control,
                new Notices(
                        new DsnSettings("relay.example.org", "postmaster@example.org", Locale.ENGLISH, 50_000),
                        Duration.ofHours(4),
                        new QueueIdGenerator(spool::now)),
                events::add,
                Thread::new,
                2,
                Duration.ofSeconds(5)));
    }

    @AfterEach
    void stop() throws Exception {
        engine.stop();
        client.close();
        hop.close();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).await(5, TimeUnit.SECONDS);
        blocking.shutdownNow();
    }

    @Test
    void eightBitIsConvertedForAHopWithout8bitmimeAndToldSo() throws Exception {
        begin("yes", "SIZE", "PIPELINING");
        String converted = HEAD + "Content-Transfer-Encoding: quoted-printable\r\n\r\n=2Ecaf=E9\r\n";

        append(EIGHT_BIT);

        assertThat(received()).isEqualTo(converted);
        assertThat(hop.transcript()).contains("MAIL FROM:<alice@example.org> SIZE=" + converted.length());
        await().atMost(SOON).until(() -> of(MailEventKind.DELIVERED).size() == 1);
        assertThat(of(MailEventKind.ATTEMPTED)).singleElement().satisfies(event -> {
            assertThat(event.field(EventField.REASON)).contains("converted to 7bit for " + endpoint());
            assertThat(event.field(EventField.REPLY).orElseThrow()).startsWith("250");
        });
    }

    @Test
    void binaryIsConvertedForAHopWithoutBinarymimeAlsoThroughBdat() throws Exception {
        begin("yes", "8BITMIME", "CHUNKING");
        String body = "\0\r\n".repeat(50_000);

        append("MIME-Version: 1.0\r\nContent-Type: application/x-test\r\n\r\n" + body);

        String[] parts = received().split("\r\n\r\n", 2);
        assertThat(parts[0]).endsWith("Content-Transfer-Encoding: base64");
        assertThat(new String(Base64.getMimeDecoder().decode(parts[1]), ISO_8859_1))
                .isEqualTo(body);
        assertThat(hop.transcript()).anyMatch(command -> command.startsWith("BDAT"));
    }

    @Test
    void aHopThatTakesItGetsItAsItIs() throws Exception {
        begin("yes", "8BITMIME");

        append(EIGHT_BIT);

        assertThat(received()).isEqualTo(EIGHT_BIT);
        await().atMost(SOON).until(() -> of(MailEventKind.DELIVERED).size() == 1);
        assertThat(of(MailEventKind.ATTEMPTED).get(0).field(EventField.REASON)).isEmpty();
    }

    @Test
    void withoutLeaveItFails() throws Exception {
        begin("no", "SIZE");

        append(EIGHT_BIT);

        assertThat(bounced()).contains("8BITMIME").doesNotContain("converted");
    }

    @Test
    void whatCannotBeConvertedFailsAndSaysWhy() throws Exception {
        begin("yes", "SIZE");

        append("Subject: caf\u00e9\r\n\r\ntext\r\n");

        assertThat(bounced()).contains("8BITMIME", "could not be converted to 7bit", "SMTPUTF8");
        assertThat(hop.transcript()).noneMatch(command -> command.startsWith("MAIL"));
    }

    @Test
    void theSizeThatCountsIsThatOfTheConvertedContent() throws Exception {
        begin("yes", "SIZE 10000");

        append(HEAD + "\r\n" + "\u00e9".repeat(9000) + "\r\n");

        await().atMost(SOON).until(() -> of(MailEventKind.BOUNCED).size() == 1);
        assertThat(of(MailEventKind.BOUNCED).get(0).field(EventField.STATUS)).contains("5.3.4");
    }

    private void begin(String convert, String... announced) {
        hop = scriptedServer().announces(announced).start();
        deliveries.register(new OneRoute(convert.equals("yes")));
        engine.start();
    }

    private String received() {
        return hop.awaitMail(SOON).text();
    }

    private String bounced() {
        await().atMost(SOON).until(() -> of(MailEventKind.BOUNCED).size() == 1);
        MailEvent bounced = of(MailEventKind.BOUNCED).get(0);
        assertThat(bounced.field(EventField.STATUS)).contains("5.6.3");
        return bounced.field(EventField.REPLY).orElseThrow();
    }

    private Endpoint endpoint() {
        return new Endpoint(
                "scripted.test",
                hop.address().getAddress(),
                hop.port(),
                Protocol.SMTP,
                TlsPolicy.OPPORTUNISTIC,
                new Endpoint.Identity("relay.example.org", Optional.empty()),
                Optional.empty());
    }

    private void append(String content) throws Exception {
        MailState state = MailState.received("0123456789BCD", "127.0.0.1", Instant.EPOCH, Map.of())
                .withDelivery(OUTGOING.text());
        EnvelopeDetails details = EnvelopeDetails.of(
                        new QueueId("0123456789BCD"), "alice@example.org", "bob@example.net", Stage.DELIVERY)
                .withState(state.encode());
        spool.commit(Changes.append(
                        PendingMessage.of(content.getBytes(ISO_8859_1)), List.of(NewEnvelope.accepted(details))))
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
    }

    private List<MailEvent> of(MailEventKind kind) {
        return events.stream().filter(event -> event.kind() == kind).toList();
    }

    private record OneRoute(boolean converts) implements Delivery {
        @Override
        public DeliveryName name() {
            return OUTGOING;
        }

        @Override
        public Routes routes() {
            Route route = new Route(
                    "MX",
                    List.of(),
                    false,
                    25,
                    Protocol.SMTP,
                    TlsPolicy.OPPORTUNISTIC,
                    Optional.empty(),
                    "relay.example.org",
                    Optional.empty(),
                    converts);
            return (reversePath, forwardPath) -> route;
        }

        @Override
        public Retries retries() {
            return (domain, outcome, attempts, age) -> Optional.of(Duration.ofHours(1));
        }

        @Override
        public int unknownDomainRetries() {
            return 0;
        }

        @Override
        public boolean usesPriority() {
            return false;
        }

        @Override
        public EnvelopeDetails failed(
                EnvelopeDetails details, Outcome outcome, String by, Optional<Instant> attempted) {
            return details.withStage(Stage.CHAIN);
        }

        @Override
        public Optional<EnvelopeDetails> delivered(EnvelopeDetails details) {
            return Optional.empty();
        }
    }
}
