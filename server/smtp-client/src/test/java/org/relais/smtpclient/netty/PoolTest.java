package org.relais.smtpclient.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.relais.testkit.smtp.ScriptedSmtpServer.scriptedServer;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.relais.smtpclient.ClientSettings;
import org.relais.smtpclient.Endpoint;
import org.relais.smtpclient.Protocol;
import org.relais.smtpclient.TlsPolicy;
import org.relais.smtpclient.TransactionResult;
import org.relais.smtpclient.TransactionResult.Cause;
import org.relais.testkit.smtp.Answer;
import org.relais.testkit.smtp.Stage;

/** Connections are kept, shared, bounded and replaced. */
class PoolTest extends RemoteTest {

    @Test
    void usesAConnectionAgain() throws Exception {
        var server = start(scriptedServer().announces("PIPELINING"));
        assertReplies(send(to(server), mail()), 250);
        var second = send(to(server), mail());
        assertReplies(second, 250);
        assertThat(server.connections()).isEqualTo(1);
        assertThat(second.session().isReused()).isTrue();
    }

    @Test
    void saysRsetAfterARefusal() throws Exception {
        var server = start(scriptedServer()
                .announces("PIPELINING")
                .on(Stage.RCPT, Answer.reply("550 no"), Answer.reply("250 ok")));
        assertReplies(send(to(server), mail()), 550);
        assertReplies(send(to(server), mail()), 250);
        assertThat(server.transcript()).containsOnlyOnce("RSET");
        assertThat(server.connections()).isEqualTo(1);
    }

    @Test
    void replacesAConnectionThatSays421ToTheNextMail() throws Exception {
        var server = start(scriptedServer()
                .announces("PIPELINING")
                .on(Stage.MAIL, Answer.reply("250 ok"), Answer.reply("421 idle too long"), Answer.reply("250 ok")));
        assertReplies(send(to(server), mail()), 250);
        assertReplies(send(to(server), mail()), 250);
        assertThat(server.connections()).isEqualTo(2);
    }

    @Test
    void replacesAConnectionThatClosesAtTheNextMail() throws Exception {
        var server = start(scriptedServer()
                .announces("PIPELINING")
                .on(Stage.MAIL, Answer.reply("250 ok"), Answer.close(), Answer.reply("250 ok")));
        assertReplies(send(to(server), mail()), 250);
        assertReplies(send(to(server), mail()), 250);
    }

    @Test
    void isNotReusedBeyondMailmax() throws Exception {
        var server = start(scriptedServer().announces("LIMITS MAILMAX=1"));
        assertReplies(send(to(server), mail()), 250);
        assertReplies(send(to(server), mail()), 250);
        assertThat(server.connections()).isEqualTo(2);
    }

    @Test
    void isNotSharedAcrossHeloNames() throws Exception {
        var server = start(scriptedServer().announces("PIPELINING"));
        assertReplies(send(to(server), mail()), 250);
        assertReplies(send(called("second.test", to(server)), mail()), 250);
        assertThat(server.connections()).isEqualTo(2);
    }

    private static Endpoint called(String heloName, Endpoint endpoint) {
        return new Endpoint(
                endpoint.host(),
                endpoint.address(),
                endpoint.port(),
                endpoint.protocol(),
                endpoint.tls(),
                new Endpoint.Identity(heloName, Optional.empty()),
                endpoint.credentials());
    }

    @Test
    void opensTwentyConnectionsAtMostForFourHundredMailsToOneAddress() throws Exception {
        use(new ClientSettings(500, 20, LONG, 1000, settings(LONG).timeouts(), LONG, CLOSING));
        var server = start(scriptedServer()
                .announces("PIPELINING", "CHUNKING", "8BITMIME")
                .on(Stage.CONTENT, Answer.reply("250 ok").after(Duration.ofMillis(5))));

        var all = sendAll(400, i -> to(server));

        all.forEach(
                sending -> assertReplies(sending.orTimeout(20, TimeUnit.SECONDS).join(), 250));
        assertThat(server.mailCount()).isEqualTo(400);
        assertThat(server.connections()).isEqualTo(20);
        assertThat(client().connections()).isEqualTo(20);
    }

    @Test
    void neverExceedsItsBoundsWhileEndpointsTakeTurns() throws Exception {
        use(new ClientSettings(3, 2, LONG, 1000, settings(LONG).timeouts(), LONG, CLOSING));
        List<Endpoint> endpoints = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            endpoints.add(to(start(scriptedServer().announces("PIPELINING").listensOn("127.0.0." + (1 + i % 3), 0))));
        }
        AtomicInteger most = new AtomicInteger();

        var all = sendAll(600, i -> endpoints.get(i * 7 % 6));
        all.forEach(sending -> sending.thenRun(() -> most.accumulateAndGet(client().connections(), Math::max)));

        all.forEach(
                sending -> assertReplies(sending.orTimeout(20, TimeUnit.SECONDS).join(), 250));
        assertThat(most.get()).isBetween(1, 3);
        assertThat(client().connections()).isBetween(1, 3);
    }

    private List<CompletableFuture<TransactionResult>> sendAll(int count, IntFunction<Endpoint> to) {
        return IntStream.range(0, count)
                .mapToObj(i -> client().send(to.apply(i), mail()).toCompletableFuture())
                .toList();
    }

    @Test
    void isClosedWithQuitWhenItWasIdleForTooLong() throws Exception {
        use(new ClientSettings(5, 5, SHORT, 1000, settings(LONG).timeouts(), LONG, CLOSING));
        var server = start(scriptedServer());

        assertReplies(send(to(server), mail()), 250);

        assertNoConnections();
        awaitQuits(server, 1);
        assertReplies(send(to(server), mail()), 250);
        assertThat(server.connections()).isEqualTo(2);
    }

    @Test
    void isClosedWithQuitAfterAsManyMailsAsAreAllowed() throws Exception {
        use(new ClientSettings(5, 5, LONG, 3, settings(LONG).timeouts(), LONG, CLOSING));
        var server = start(scriptedServer().announces("PIPELINING"));

        for (int i = 0; i < 7; i++) {
            assertReplies(send(to(server), mail()), 250);
        }

        assertThat(server.connections()).isEqualTo(3);
        awaitQuits(server, 2);
    }

    @Test
    void isSharedWhoeverAsksForTheTlsPolicy() throws Exception {
        var server = start(scriptedServer().announces("PIPELINING"));

        assertReplies(send(to(server).because("route 1"), mail()), 250);
        assertReplies(send(to(server).because("route 2"), mail()), 250);

        assertThat(server.connections()).isEqualTo(1);
    }

    @Test
    void comesFromTheSourceAddress() throws Exception {
        Set<InetAddress> seen = ConcurrentHashMap.newKeySet();
        var server = listen((wire, number) -> seen.add(wire.remoteAddress().getAddress()));
        Endpoint plain = at(server.address().getPort(), Protocol.SMTP, TlsPolicy.OPPORTUNISTIC, null);
        InetAddress source = InetAddress.getByName("127.0.0.77");

        assertUnavailable(send(from(plain, source), mail()), Cause.GREETING);

        assertThat(seen).containsExactly(source);
    }

    @Test
    void isUnavailableFromASourceThatThisMachineDoesNotHave() throws Exception {
        var server = start(scriptedServer());

        assertUnavailable(send(from(to(server), InetAddress.getByName("192.0.2.1")), mail()), Cause.CONNECT);
        assertUnavailable(send(from(to(server), InetAddress.getByName("2001:db8::1")), mail()), Cause.CONNECT);

        assertNoConnections();
    }

    private static Endpoint from(Endpoint endpoint, InetAddress source) {
        return new Endpoint(
                endpoint.host(),
                endpoint.address(),
                endpoint.port(),
                endpoint.protocol(),
                endpoint.tls(),
                new Endpoint.Identity("relais.test", Optional.of(source)),
                endpoint.credentials());
    }

    @Test
    void waitsWhenItIsClosedForTheMailUnderWay() throws Exception {
        use(new ClientSettings(5, 5, LONG, 1000, settings(LONG).timeouts(), LONG, LONG));
        var server =
                start(scriptedServer().on(Stage.CONTENT, Answer.reply("250 ok").after(SHORT)));
        var sending = client().send(to(server), mail()).toCompletableFuture();
        awaitUntil(() -> server.transcript().contains("DATA"), "the mail is under way");

        client().close();

        assertReplies(sending.orTimeout(5, TimeUnit.SECONDS).join(), 250);
        assertThat(client().connections()).isZero();
        assertUnavailable(send(to(server), mail()), Cause.NO_ROOM);
    }

    @Test
    void breaksOffWhenItIsClosedWhatTakesTooLong() throws Exception {
        use(new ClientSettings(5, 5, LONG, 1000, settings(LONG).timeouts(), LONG, SHORT));
        var server = start(scriptedServer().on(Stage.CONTENT, Answer.silence()));
        var sending = client().send(to(server), mail()).toCompletableFuture();
        awaitUntil(() -> server.transcript().contains("DATA"), "the mail is under way");

        client().close();

        assertInterrupted(sending.orTimeout(5, TimeUnit.SECONDS).join(), true);
        assertNoConnections();
    }

    @Test
    void closesAnIdleConnectionToMakeRoomForAnother() throws Exception {
        use(new ClientSettings(1, 1, LONG, 1000, settings(LONG).timeouts(), LONG, CLOSING));
        assertReplies(send(scriptedServer()), 250);
        assertReplies(send(scriptedServer()), 250);
    }

    @Test
    void closesAnIdleConnectionToMakeRoomForAnotherToItsAddress() throws Exception {
        use(new ClientSettings(50, 1, LONG, 1000, settings(LONG).timeouts(), LONG, CLOSING));
        var server = start(scriptedServer());
        var other = start(scriptedServer());

        assertReplies(send(to(other), mail()), 250);
        assertReplies(send(to(server), mail()), 250);
        assertReplies(send(called("second.test", to(server)), mail()), 250);

        awaitQuits(server, 1);
        assertThat(server.connections()).isEqualTo(2);
        assertThat(Collections.frequency(other.transcript(), "QUIT")).isZero();
        assertThat(client().connections()).isEqualTo(2);
    }

    @Test
    void saysThatThereIsNoRoom() throws Exception {
        use(new ClientSettings(
                1,
                1,
                LONG,
                1000,
                new ClientSettings.Timeouts(SHORT, LONG, LONG, LONG, LONG, LONG, LONG, LONG, LONG),
                LONG,
                CLOSING));
        var stuck = start(scriptedServer().on(Stage.MAIL, Answer.silence()));
        var first = client().send(to(stuck), mail());
        assertUnavailable(send(scriptedServer()), Cause.NO_ROOM);
        assertThat(first.toCompletableFuture()).isNotDone();
    }
}
