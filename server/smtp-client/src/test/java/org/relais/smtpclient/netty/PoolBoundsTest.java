package org.relais.smtpclient.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.relais.testkit.smtp.ScriptedSmtpServer.scriptedServer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.relais.smtpclient.ClientSettings;
import org.relais.smtpclient.Endpoint;
import org.relais.smtpclient.TransactionResult;
import org.relais.smtpclient.TransactionResult.Cause;
import org.relais.testkit.smtp.Answer;
import org.relais.testkit.smtp.Stage;

/** Connections are bounded, and idle ones make room. */
class PoolBoundsTest extends RemoteTest {

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
