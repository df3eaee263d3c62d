package org.relais.smtpclient.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AfterEach;
import org.relais.model.Reply;
import org.relais.smtpclient.ClientSettings;
import org.relais.smtpclient.Credentials;
import org.relais.smtpclient.Endpoint;
import org.relais.smtpclient.OutgoingContent;
import org.relais.smtpclient.Protocol;
import org.relais.smtpclient.TlsPolicy;
import org.relais.smtpclient.Transaction;
import org.relais.smtpclient.TransactionResult;
import org.relais.smtpclient.TransactionResult.Answered;
import org.relais.smtpclient.TransactionResult.Interrupted;
import org.relais.smtpclient.TransactionResult.Unavailable;
import org.relais.smtpclient.TransactionResult.Unsendable;
import org.relais.testkit.smtp.ScriptedSmtpServer;
import org.relais.testkit.smtp.SmtpScript;
import org.relais.testkit.wire.LoopbackServer;
import org.relais.testkit.wire.TestCertificate;

/** A client and scripted servers for it; everything is closed behind each test. */
abstract class RemoteTest {
    static final Duration SHORT = Duration.ofMillis(300);
    static final Duration CLOSING = Duration.ofMillis(100);
    static final Duration LONG = Duration.ofSeconds(20);
    static final String TEXT = "Subject: x\r\n\r\nhello\r\n";

    private final NioEventLoopGroup group = new NioEventLoopGroup(1);
    private final ExecutorService blocking = Executors.newFixedThreadPool(2);
    private final List<AutoCloseable> closeables = new ArrayList<>();
    private NettySmtpClient client = client(settings(LONG), null);

    static ClientSettings settings(Duration each) {
        return new ClientSettings(
                50,
                5,
                LONG,
                1000,
                new ClientSettings.Timeouts(each, each, each, each, each, each, each, each, LONG),
                each,
                CLOSING);
    }

    final void use(ClientSettings settings) {
        client = client(settings, null);
    }

    final void trust(TestCertificate root) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry("root", root.certificate());
        client = client(settings(LONG), store);
    }

    /** A client whose clock or whose executor is not what it should be. */
    final void use(ClientSettings settings, Executor readers, LongSupplier nanoTime) {
        client = new NettySmtpClient(settings, group, readers, nanoTime, new PeerTrust(null));
        closeables.add(client);
    }

    final EventLoopGroup group() {
        return group;
    }

    final void assertFault(CompletionStage<TransactionResult> sending, Class<? extends Throwable> type) {
        assertThat(sending.toCompletableFuture())
                .failsWithin(LONG)
                .withThrowableOfType(ExecutionException.class)
                .withCauseInstanceOf(type);
    }

    /** Every place is given back. */
    final void assertNoConnections() {
        awaitUntil(() -> client.connections() == 0, "connections are left: " + client.connections());
    }

    static void awaitQuits(ScriptedSmtpServer server, int count) {
        awaitUntil(
                () -> Collections.frequency(server.transcript(), "QUIT") == count, "QUIT was said " + count + " times");
    }

    static void awaitUntil(BooleanSupplier condition, String otherwise) {
        long end = System.nanoTime() + LONG.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(otherwise).isLessThan(end);
            Thread.onSpinWait();
        }
    }

    private NettySmtpClient client(ClientSettings settings, KeyStore roots) {
        NettySmtpClient made = new NettySmtpClient(settings, group, blocking, System::nanoTime, new PeerTrust(roots));
        closeables.add(made);
        return made;
    }

    final NettySmtpClient client() {
        return client;
    }

    final ScriptedSmtpServer start(SmtpScript script) {
        ScriptedSmtpServer server = script.start();
        closeables.add(server);
        return server;
    }

    /** A server of the test's own, for what no script can say. */
    final LoopbackServer listen(LoopbackServer.Session session) throws IOException {
        LoopbackServer server = new LoopbackServer("test", new InetSocketAddress("127.0.0.1", 0), 8, session);
        closeables.add(server);
        return server;
    }

    final void closeLater(AutoCloseable closeable) {
        closeables.add(closeable);
    }

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable closeable : closeables) {
            closeable.close();
        }
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).await(5, TimeUnit.SECONDS);
        blocking.shutdownNow();
    }

    static Endpoint at(int port, Protocol protocol, TlsPolicy tls, Credentials credentials) {
        return at(InetAddress.getLoopbackAddress(), port, protocol, tls, credentials);
    }

    private static Endpoint at(
            InetAddress address, int port, Protocol protocol, TlsPolicy tls, Credentials credentials) {
        return new Endpoint(
                "scripted.test",
                address,
                port,
                protocol,
                tls,
                new Endpoint.Identity("relais.test", Optional.empty()),
                Optional.ofNullable(credentials));
    }

    static Endpoint to(ScriptedSmtpServer server) {
        return at(server.address().getAddress(), server.port(), Protocol.SMTP, TlsPolicy.OPPORTUNISTIC, null);
    }

    static Endpoint called(String heloName, Endpoint endpoint) {
        return new Endpoint(
                endpoint.host(),
                endpoint.address(),
                endpoint.port(),
                endpoint.protocol(),
                endpoint.tls(),
                new Endpoint.Identity(heloName, Optional.empty()),
                endpoint.credentials());
    }

    static Endpoint to(ScriptedSmtpServer server, TlsPolicy.Level level) {
        return at(server.port(), Protocol.SMTP, new TlsPolicy(level, false, "the test"), null);
    }

    static Endpoint lmtp(ScriptedSmtpServer server) {
        return at(server.port(), Protocol.LMTP, TlsPolicy.OPPORTUNISTIC, null);
    }

    static Transaction mail(String... recipients) {
        return mail(content(TEXT, OutgoingContent.Kind.SEVEN_BIT), recipients);
    }

    static Transaction mail(OutgoingContent content, String... recipients) {
        List<String> all = recipients.length == 0 ? List.of("bob@example.org") : List.of(recipients);
        return new Transaction(
                "alice@example.com",
                all.stream()
                        .map(path -> new Transaction.Recipient(path, "", ""))
                        .toList(),
                content,
                "",
                "",
                false);
    }

    static OutgoingContent content(String text, OutgoingContent.Kind kind) {
        return new Octets(text.getBytes(StandardCharsets.ISO_8859_1), kind, true);
    }

    record Octets(byte[] octets, Kind kind, boolean isInMemory) implements OutgoingContent {
        @Override
        public long size() {
            return octets.length;
        }

        @Override
        public Optional<ByteBuffer[]> inMemory() {
            return isInMemory
                    ? Optional.of(new ByteBuffer[] {ByteBuffer.wrap(octets).asReadOnlyBuffer()})
                    : Optional.empty();
        }

        @Override
        public InputStream open() {
            return new ByteArrayInputStream(octets);
        }
    }

    final TransactionResult send(Endpoint endpoint, Transaction mail) {
        return client.send(endpoint, mail)
                .toCompletableFuture()
                .orTimeout(LONG.toSeconds(), TimeUnit.SECONDS)
                .join();
    }

    final TransactionResult send(SmtpScript script) {
        return send(to(start(script)), mail());
    }

    static void assertReplies(TransactionResult result, Integer... codes) {
        assertThat(result).isInstanceOf(Answered.class);
        assertThat(((Answered) result).replies()).extracting(Reply::code).containsExactly(codes);
    }

    static void assertUnavailable(TransactionResult result, TransactionResult.Cause cause) {
        assertThat(result).isInstanceOf(Unavailable.class);
        assertThat(((Unavailable) result).cause()).isEqualTo(cause);
    }

    static void assertInterrupted(TransactionResult result, boolean isInDoubt) {
        assertThat(result).isInstanceOf(Interrupted.class);
        assertThat(((Interrupted) result).isInDoubt()).isEqualTo(isInDoubt);
    }

    static void assertUnsendable(TransactionResult result, String status) {
        assertThat(result).isInstanceOf(Unsendable.class);
        assertThat(((Unsendable) result).status()).hasToString(status);
    }

    /** 0 where the server had not decided. */
    static List<Integer> codesSoFar(TransactionResult result) {
        return ((Interrupted) result)
                .replies().stream()
                        .map(reply -> reply.map(Reply::code).orElse(0))
                        .toList();
    }
}
