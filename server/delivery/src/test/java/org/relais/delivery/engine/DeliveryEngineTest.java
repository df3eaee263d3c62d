package org.relais.delivery.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.relais.delivery.Outcome;
import org.relais.delivery.control.ControlFile;
import org.relais.delivery.control.DeliveryControl;
import org.relais.delivery.control.Selection;
import org.relais.delivery.dsn.DsnSettings;
import org.relais.delivery.route.Destination;
import org.relais.delivery.route.Hops;
import org.relais.delivery.route.NextHops;
import org.relais.delivery.route.Route;
import org.relais.delivery.route.Routes;
import org.relais.delivery.schedule.Feedback;
import org.relais.model.QueueId;
import org.relais.model.QueueIdGenerator;
import org.relais.model.Reply;
import org.relais.model.event.EventField;
import org.relais.model.event.MailEvent;
import org.relais.model.event.MailEventKind;
import org.relais.smtpclient.Endpoint;
import org.relais.smtpclient.Protocol;
import org.relais.smtpclient.TlsPolicy;
import org.relais.spool.BrowseFilter;
import org.relais.spool.Changes;
import org.relais.spool.Disposition;
import org.relais.spool.Envelope;
import org.relais.spool.EnvelopeDetails;
import org.relais.spool.NewEnvelope;
import org.relais.spool.Page;
import org.relais.spool.PendingMessage;
import org.relais.spool.Spool;
import org.relais.spool.Stage;
import org.relais.spool.mail.DsnRequest;
import org.relais.spool.mail.MailState;
import org.relais.spool.memory.InMemorySpool;
import org.slf4j.LoggerFactory;

/** From the spool to scripted servers, and back. */
class DeliveryEngineTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final DeliveryName OUTGOING = DeliveryName.of("outgoing", Map.of());

    private volatile Duration ahead = Duration.ZERO;
    private final HeldCommits commits = new HeldCommits(new InMemorySpool(
            () -> Instant.now().plus(ahead), () -> System.nanoTime() + ahead.toNanos(), 64L << 20, Duration.ofDays(7)));
    private final Spool spool = commits.spool();
    private final List<Optional<Instant>> attemptedAt = new CopyOnWriteArrayList<>();
    private final List<MailEvent> events = new CopyOnWriteArrayList<>();
    private final ScriptedClient client = new ScriptedClient();
    private final Deliveries deliveries = new Deliveries();
    private Retries retries = (domain, outcome, attempts, age) -> Optional.of(Duration.ofHours(1));
    private Function<EnvelopeDetails, Optional<EnvelopeDetails>> onSuccess = details -> Optional.empty();
    private NextHops nextHops = destination -> CompletableFuture.completedFuture(
            new Hops.Found(List.of(endpoint("mx1.example.net"), endpoint("mx2.example.net"))));
    private Duration warnAfter = Duration.ofHours(4);
    private Duration drain = Duration.ofSeconds(5);
    private DeliveryControl control;
    private SimpleSchedule schedule = new SimpleSchedule(10, 100);
    private DeliveryEngine engine;

    @BeforeEach
    void open(@TempDir Path folder) throws Exception {
        control = DeliveryControl.open(new ControlFile(folder.resolve("delivery.json")), spool::now);
        engine = engine();
    }

    @AfterEach
    void stop() {
        client.speak();
        commits.release();
        engine.stop();
        assertThat(spool.accounts().difference()).isZero();
    }

    private DeliveryEngine engine() {
        AtomicInteger count = new AtomicInteger();
        return new DeliveryEngine(new DeliveryEngine.Parts(
                spool,
                client,
                destination -> nextHops.of(destination),
                schedule,
                deliveries,
                control,
                new Notices(
                        new DsnSettings("relay.example.org", "postmaster@example.org", Locale.ENGLISH, 50_000),
                        warnAfter,
                        new QueueIdGenerator(spool::now)),
                events::add,
                task -> new Thread(task, "delivery-" + count.incrementAndGet()),
                2,
                drain));
    }

    private void start() {
        engine = engine();
        deliveries.register(new Everything(OUTGOING));
        engine.start();
    }

    @Test
    void whatTheServerTookLeavesTheSpool() throws Exception {
        append("bob@example.net", "carol@example.net");
        start();

        awaitEmpty();
        assertThat(client.sent()).singleElement().satisfies(mail -> {
            assertThat(mail.reversePath()).isEqualTo("alice@example.org");
            assertThat(mail.content().open()).hasContent("Subject: x\r\n\r\ntext\r\n");
        });
        assertThat(spool.accounts().left(Disposition.DELIVERED)).isEqualTo(2);
        assertThat(of(MailEventKind.ATTEMPTED)).singleElement().satisfies(event -> {
            assertThat(event.field(EventField.NEXT_HOP)).contains("mx1.example.net[127.0.0.1]:25");
            assertThat(event.field(EventField.REPLY)).contains("250 2.0.0 taken");
            assertThat(event.field(EventField.TLS)).contains("none (not offered)");
        });
        assertThat(of(MailEventKind.DELIVERED)).hasSize(2);
        assertThat(schedule.feedback()).containsExactly(new Feedback.Good());
    }

    @Test
    void theFieldsOnTopGoFirst() throws Exception {
        append(state().withOwnFields(List.of("X-Own: é")), "bob@example.net");
        append(state(), "carol@example.net");
        start();

        awaitEmpty();
        assertThat(client.sent())
                .extracting(mail -> new String(mail.content().open().readAllBytes(), StandardCharsets.UTF_8))
                .containsExactlyInAnyOrder("X-Own: é\r\nSubject: x\r\n\r\ntext\r\n", "Subject: x\r\n\r\ntext\r\n");
    }

    @Test
    void eachRecipientHasItsOwnOutcome() throws Exception {
        client.answers((endpoint, mail) -> ScriptedClient.answered(mail.recipients().stream()
                .map(recipient -> switch (recipient.forwardPath()) {
                    case "unknown@example.net" -> Reply.of(550, "5.1.1 nobody");
                    case "busy@example.net" -> Reply.of(450, "4.2.1 later");
                    default -> Reply.of(250, "ok");
                })
                .toList()));
        append("bob@example.net", "unknown@example.net", "busy@example.net");
        start();

        awaitEvents(MailEventKind.DEFERRED, 1);
        awaitEvents(MailEventKind.BOUNCED, 1);
        assertThat(in(Stage.DELIVERY)).singleElement().satisfies(waiting -> {
            assertThat(waiting.details().forwardPath()).isEqualTo("busy@example.net");
            assertThat(waiting.details().attempts()).isEqualTo(1);
            assertThat(waiting.details().reason()).isEqualTo("450 4.2.1 later");
            assertThat(waiting.details().nextAttempt()).isAfter(spool.now().plus(Duration.ofMinutes(50)));
        });
        assertThat(in(Stage.CHAIN)).singleElement().satisfies(failed -> {
            assertThat(failed.details().forwardPath()).isEqualTo("unknown@example.net");
            assertThat(failed.details().reason()).isEqualTo("550 5.1.1 nobody");
        });
    }

    @Test
    void triesTheNextServerWhenOneIsNotToBeHad() throws Exception {
        client.answers((endpoint, mail) -> endpoint.host().equals("mx1.example.net")
                ? ScriptedClient.unavailable("connection refused")
                : ScriptedClient.accepted(mail));
        append("bob@example.net");
        start();

        awaitEmpty();
        assertThat(of(MailEventKind.ATTEMPTED)).hasSize(2);
    }

    @Test
    void defersWhenNoServerIsToBeHad() throws Exception {
        client.answers((endpoint, mail) -> ScriptedClient.unavailable("connection refused"));
        append("bob@example.net");
        start();

        awaitEvents(MailEventKind.DEFERRED, 1);
        assertThat(in(Stage.DELIVERY).get(0).details().reason())
                .contains("4.4.1", "mx2.example.net", "connection refused");
        assertThat(schedule.feedback()).containsExactly(new Feedback.Dead("connection refused"));
    }

    @Test
    void aContentThatTheServerCannotTakeFails() throws Exception {
        client.answers((endpoint, mail) -> ScriptedClient.unsendable());
        append("bob@example.net");
        start();

        awaitEvents(MailEventKind.BOUNCED, 1);
        assertThat(of(MailEventKind.BOUNCED).get(0).field(EventField.STATUS)).contains("5.6.3");
    }

    @Test
    void aFaultOfOursDefersHoweverOldTheMailIsAndNeverBounces() throws Exception {
        retries = (domain, outcome, attempts, age) -> Optional.empty();
        nextHops = destination -> {
            throw new IllegalStateException("a bug");
        };
        append("bob@example.net");
        start();

        awaitEvents(MailEventKind.DEFERRED, 1);
        assertThat(in(Stage.DELIVERY).get(0).details().reason())
                .startsWith("4.3.0")
                .contains("a bug");
        assertThat(of(MailEventKind.BOUNCED)).isEmpty();
        assertThat(schedule.feedback()).containsExactly(new Feedback.None());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aFaultOfOurClientDefersAndShouts(boolean isLate) throws Exception {
        retries = (domain, outcome, attempts, age) -> Optional.empty();
        var bug = new IllegalStateException("a bug");
        client.fails(isLate, bug);
        Logger logger = (Logger) LoggerFactory.getLogger(DeliveryEngine.class);
        var lines = new ListAppender<ILoggingEvent>();
        lines.start();
        logger.addAppender(lines);

        try {
            append("bob@example.net");
            start();
            awaitEvents(MailEventKind.DEFERRED, 1);
        } finally {
            logger.detachAppender(lines);
        }

        assertThat(lines.list).singleElement().satisfies(line -> {
            assertThat(line.getLevel()).isEqualTo(Level.ERROR);
            assertThat(line.getFormattedMessage())
                    .isEqualTo("0123456789BCD: delivery failed through a fault of ours; deferred");
            assertThat(line.getThrowableProxy().getClassName())
                    .isEqualTo(bug.getClass().getName());
            assertThat(line.getThrowableProxy().getStackTraceElementProxyArray())
                    .isNotEmpty();
        });
        assertThat(of(MailEventKind.DEFERRED).get(0).field(EventField.STATUS)).contains("4.3.0");
        assertThat(of(MailEventKind.BOUNCED)).isEmpty();
        EnvelopeDetails waiting = in(Stage.DELIVERY).get(0).details();
        assertThat(waiting.reason()).startsWith("4.3.0");
        assertThat(waiting.nextAttempt()).isAfter(spool.now());
    }

    @Test
    void aFaultBehindADeliveryDoesNotRepeatIt() throws Exception {
        onSuccess = details -> {
            throw new IllegalStateException("a bug");
        };
        append("bob@example.net");
        start();

        awaitEmpty();
        assertThat(client.sent()).hasSize(1);
        assertThat(spool.accounts().left(Disposition.DELIVERED)).isEqualTo(1);
    }

    @Test
    void whatHasExpiredFails() throws Exception {
        retries = (domain, outcome, attempts, age) -> Optional.empty();
        client.answers((endpoint, mail) -> ScriptedClient.unavailable("connection refused"));
        append("bob@example.net");
        start();

        awaitEvents(MailEventKind.BOUNCED, 1);
        assertThat(in(Stage.CHAIN).get(0).details().reason()).startsWith("5.4.7 Given up after 1 attempts: 4.4.1");
    }

    @Test
    void aMailWithTheNullReversePathFailsSilently() throws Exception {
        client.answers((endpoint, mail) -> ScriptedClient.answered(List.of(Reply.of(550, "5.1.1 nobody"))));
        append("", state(), List.of("bob@example.net"));
        start();

        awaitEmpty();
        assertThat(spool.accounts().left(Disposition.FAILED_SILENTLY)).isEqualTo(1);
    }

    @Test
    void whatFindsNoRoomIsParkedAndComesLater() throws Exception {
        schedule = new SimpleSchedule(1, 2);
        client.fallSilent();
        List<String> all = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            all.add("user" + i + "@example.net");
            append(all.get(i));
        }
        start();

        await().atMost(SOON).until(() -> client.sent().size() == 1 && spool.parked(SimpleSchedule.LANE) == 48);
        client.answers((endpoint, mail) -> ScriptedClient.accepted(mail));
        client.speak();

        awaitEmpty();
        assertThat(client.recipients()).containsAll(all);
        assertThat(spool.accounts().left(Disposition.DELIVERED)).isEqualTo(50);
    }

    @Test
    void whatIsPutOffWaitsWithoutAnAttempt() throws Exception {
        Instant until = spool.now().plus(Duration.ofHours(2)).truncatedTo(java.time.temporal.ChronoUnit.MILLIS);
        schedule.putsOff("example.net", until);
        append("bob@example.net");
        start();

        await().atMost(SOON)
                .until(() -> in(Stage.DELIVERY).get(0).details().reason().equals("suspended"));
        assertThat(in(Stage.DELIVERY).get(0).details().nextAttempt()).isEqualTo(until);
        assertThat(in(Stage.DELIVERY).get(0).details().attempts()).isZero();
        assertThat(client.sent()).isEmpty();
    }

    @Test
    void tellsTheSenderOfADelayOnce() throws Exception {
        warnAfter = Duration.ofMillis(1);
        retries = expiringAfter(Duration.ofDays(3));
        client.answers((endpoint, mail) -> ScriptedClient.answered(List.of(Reply.of(451, "4.2.0 come back"))));
        Instant begin = spool.now();
        append(state().withDsn(new DsnRequest("", "QQ1", "", "rfc822;bob@alias.example")), "bob@example.net");
        start();

        await().atMost(SOON).until(() -> of(MailEventKind.DEFERRED).size() >= 4);
        assertThat(in(Stage.CHAIN)).singleElement().satisfies(notice -> {
            assertThat(notice.details().reversePath()).isEmpty();
            assertThat(notice.details().forwardPath()).isEqualTo("alice@example.org");
            assertThat(content(notice))
                    .contains("Action: delayed", "Status: 4.2.0", "Diagnostic-Code: smtp; 451 4.2.0 come back")
                    .contains("Original-Envelope-Id: QQ1", "Original-Recipient: rfc822; bob@alias.example");
            Instant arrived = date(notice, "Arrival-Date");
            assertThat(arrived).isBetween(begin.minusSeconds(1), spool.now());
            assertThat(date(notice, "Last-Attempt-Date")).isBetween(arrived, spool.now());
            assertThat(date(notice, "Will-Retry-Until")).isEqualTo(arrived.plus(Duration.ofDays(3)));
        });
        client.answers((endpoint, mail) -> ScriptedClient.accepted(mail));
        await().atMost(SOON).until(() -> spool.accounts().inSpool() == 1);
    }

    @Test
    void tellsTheSenderThatAskedOfASuccessWhereTheHopWillNot() throws Exception {
        DsnRequest request = new DsnRequest("", "", "SUCCESS", "");
        client.answers((endpoint, mail) -> ScriptedClient.answered(List.of(Reply.of(250, "2.0.0 taken")), false));
        append(state().withDsn(request), "bob@example.net");
        append(state(), "carol@example.net");
        start();

        await().atMost(SOON).until(() -> spool.accounts().left(Disposition.DELIVERED) == 2);
        await().atMost(SOON).until(() -> in(Stage.CHAIN).size() == 1);
        assertThat(content(in(Stage.CHAIN).get(0)))
                .contains(
                        "Action: relayed",
                        "Final-Recipient: rfc822; bob@example.net",
                        "Remote-MTA: dns; mx1.example.net");
    }

    /** Tried again at once. */
    private static Retries expiringAfter(Duration expiry) {
        return new Retries() {
            @Override
            public Optional<Duration> after(String domain, Outcome outcome, int attempts, Duration age) {
                return Optional.of(Duration.ofMillis(50));
            }

            @Override
            public Optional<Duration> expiry(String domain, Outcome outcome, Duration age) {
                return Optional.of(expiry);
            }
        };
    }

    private Instant date(Envelope notice, String field) throws Exception {
        return content(notice)
                .lines()
                .filter(line -> line.startsWith(field + ": "))
                .map(line ->
                        Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(line.substring(field.length() + 2))))
                .findFirst()
                .orElseThrow();
    }

    private String content(Envelope envelope) throws Exception {
        return new String(spool.content(envelope.message()).inMemory().orElseThrow(), StandardCharsets.ISO_8859_1);
    }

    @Test
    void whatIsSuspendedWaitsUntilTheOrderEnds() throws Exception {
        var order = control.suspend(Selection.ofDestination("example.net"), Optional.empty(), "they move", "test");
        append("bob@example.net");
        append("eve@example.com");
        start();
        await().atMost(SOON).until(() -> spool.accounts().inSpool() == 1);
        assertThat(client.recipients()).containsExactly("eve@example.com");
        assertThat(in(Stage.DELIVERY)).singleElement().satisfies(waiting -> {
            assertThat(waiting.details().attempts()).isZero();
            assertThat(waiting.details().forwardPath()).isEqualTo("bob@example.net");
        });

        control.end(order.number());
        engine.ordersChanged();

        awaitEmpty();
    }

    @Test
    void whatIsSuspendedExpiresAtItsTime() throws Exception {
        var order = control.suspend(Selection.ofDestination("example.net"), Optional.empty(), "they move", "test");
        retries = expiringAfter(Duration.ofDays(5));
        append("bob@example.net");
        start();
        await().atMost(SOON).until(() -> events.isEmpty() && isParked());

        ahead = Duration.ofDays(5).minusSeconds(90);
        append("carol@example.net");
        await().atMost(SOON).until(this::isParked);
        assertThat(in(Stage.DELIVERY)).hasSize(2);
        ahead = Duration.ofDays(5).plusMinutes(1);

        await().atMost(SOON).until(() -> in(Stage.CHAIN).size() == 1);
        assertThat(in(Stage.CHAIN).get(0).details().reason())
                .isEqualTo("5.4.7 Given up while deliveries to example.net were suspended, after 0 attempts");
        assertThat(of(MailEventKind.BOUNCED)).singleElement().satisfies(event -> {
            assertThat(event.field(EventField.STATUS)).contains("5.4.7");
            assertThat(event.forwardPaths()).containsExactly("bob@example.net");
        });
        assertThat(attemptedAt).containsExactly(Optional.empty());
        assertThat(client.sent()).isEmpty();
        control.end(order.number());
        engine.ordersChanged();
        await().atMost(SOON).until(() -> client.recipients().equals(List.of("carol@example.net")));
    }

    /** Nothing is handed out as usual, and nobody holds a claim. */
    private boolean isParked() throws Exception {
        return !spool.awaitDue(Stage.DELIVERY, Duration.ZERO) && engine.running() == 0;
    }

    @Test
    void whatIsReroutedGoesElsewhere() throws Exception {
        control.reroute(
                Selection.ofDestination("example.net"),
                "lmtp://[::1]:2424",
                Optional.empty(),
                "their MX is down",
                "test");
        List<Destination> asked = new CopyOnWriteArrayList<>();
        NextHops usual = nextHops;
        nextHops = destination -> {
            asked.add(destination);
            return usual.of(destination);
        };
        append("bob@example.net");
        start();

        awaitEmpty();
        assertThat(asked).extracting(Destination::name).containsExactly("lmtp://[::1]:2424");
        assertThat(asked.get(0).route().protocol()).isEqualTo(Protocol.LMTP);
    }

    @Test
    void whatNoDeliveryIsThereForWaits() throws Exception {
        append("bob@example.net");
        engine.start();

        await().atMost(SOON).until(() -> in(Stage.DELIVERY).get(0).details().attempts() == 1);
        assertThat(in(Stage.DELIVERY).get(0).details().reason()).contains("4.3.5", "outgoing");
    }

    @Test
    void afterAChangeOfItsParametersADeliveryIsFoundByItsQueue() throws Exception {
        deliveries.register(new Everything(DeliveryName.of("other", Map.of())));
        append(
                state().withDelivery(DeliveryName.of("outgoing", Map.of("gateway", "old"))
                        .text()),
                "bob@example.net");
        start();

        awaitEmpty();
    }

    @Test
    void aStopWaitsForWhatIsUnderWay() throws Exception {
        client.fallSilent();
        append("bob@example.net");
        start();
        await().atMost(SOON).until(() -> engine.running() == 1);

        DeliveryEngine quick = engine;
        Thread stopping = new Thread(quick::stop);
        stopping.start();
        client.speak();
        stopping.join(SOON.toMillis());

        assertThat(quick.running()).isZero();
        awaitEmpty();
    }

    @Test
    void aStopWaitsForACommitThatIsUnderWay() throws Exception {
        append("bob@example.net");
        commits.hold();
        start();
        await().atMost(SOON).until(() -> commits.underWay() == 1 && engine.running() == 0);

        Thread stopping = new Thread(engine::stop);
        stopping.start();
        await().atMost(SOON).until(() -> stopping.getState() == Thread.State.TIMED_WAITING);
        assertThat(spool.claim(Stage.DELIVERY, 10, Duration.ofMinutes(1))).isEmpty();
        commits.release();
        stopping.join(SOON.toMillis());

        assertThat(stopping.isAlive()).isFalse();
        assertThat(spool.accounts().left(Disposition.DELIVERED)).isEqualTo(1);
        assertThat(client.sent()).hasSize(1);
    }

    @Test
    void aCommitThatOutlastsTheStopKeepsItsClaim() throws Exception {
        drain = Duration.ofMillis(1);
        append("bob@example.net");
        commits.hold();
        start();
        await().atMost(SOON).until(() -> commits.underWay() == 1);

        engine.stop();

        assertThat(spool.accounts().inSpool()).isEqualTo(1);
        assertThat(spool.claim(Stage.DELIVERY, 10, Duration.ofMinutes(1))).isEmpty();
        commits.release();
        assertThat(spool.accounts().left(Disposition.DELIVERED)).isEqualTo(1);
        assertThat(client.sent()).hasSize(1);
    }

    @Test
    void moreRecipientsThanATransactionTakesGoInSeveral() throws Exception {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < 250; i++) {
            all.add("user" + i + "@example.net");
        }
        append("alice@example.org", state(), all);
        start();

        awaitEmpty();
        assertThat(client.sent()).extracting(mail -> mail.recipients().size()).containsExactlyInAnyOrder(100, 100, 50);
        assertThat(client.recipients()).containsExactlyInAnyOrderElementsOf(all);
    }

    private static Endpoint endpoint(String host) {
        return new Endpoint(
                host,
                InetAddress.getLoopbackAddress(),
                25,
                Protocol.SMTP,
                TlsPolicy.OPPORTUNISTIC,
                new Endpoint.Identity("relay.example.org", Optional.empty()),
                Optional.empty());
    }

    private static MailState state() {
        return MailState.received("0123456789BCD", "127.0.0.1", Instant.EPOCH, Map.of())
                .withDelivery(OUTGOING.text());
    }

    private void append(String... forwardPaths) throws Exception {
        append(state(), forwardPaths);
    }

    private void append(MailState state, String... forwardPaths) throws Exception {
        append("alice@example.org", state, List.of(forwardPaths));
    }

    private void append(String reversePath, MailState state, List<String> forwardPaths) throws Exception {
        byte[] content = "Subject: x\r\n\r\ntext\r\n".getBytes(StandardCharsets.US_ASCII);
        List<NewEnvelope> envelopes = forwardPaths.stream()
                .map(path -> NewEnvelope.accepted(
                        EnvelopeDetails.of(new QueueId("0123456789BCD"), reversePath, path, Stage.DELIVERY)
                                .withState(state.encode())))
                .toList();
        spool.commit(Changes.append(PendingMessage.of(content), envelopes))
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
    }

    private List<Envelope> in(Stage stage) throws Exception {
        return spool.browse(BrowseFilter.ALL.withStage(stage), Optional.empty(), 1000).entries().stream()
                .map(entry -> ((Page.Entry.Item) entry).envelope())
                .toList();
    }

    private List<MailEvent> of(MailEventKind kind) {
        return events.stream().filter(event -> event.kind() == kind).toList();
    }

    private void awaitEvents(MailEventKind kind, int count) {
        await().atMost(SOON).until(() -> of(kind).size() >= count);
    }

    private void awaitEmpty() {
        await().atMost(SOON).until(() -> spool.accounts().inSpool() == 0);
    }

    private final class Everything implements Delivery {
        private final DeliveryName name;

        Everything(DeliveryName name) {
            this.name = name;
        }

        @Override
        public DeliveryName name() {
            return name;
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
                    false);
            return (reversePath, forwardPath) -> route;
        }

        @Override
        public Retries retries() {
            return retries;
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
                EnvelopeDetails details, Outcome outcome, String hop, Optional<Instant> attempted) {
            attemptedAt.add(attempted);
            return details.withStage(Stage.CHAIN)
                    .withReason(outcome.text())
                    .withNextAttempt(spool.now().plus(Duration.ofDays(1)));
        }

        @Override
        public Optional<EnvelopeDetails> delivered(EnvelopeDetails details) {
            return onSuccess.apply(details);
        }
    }
}
