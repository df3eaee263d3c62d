package org.relais.smtpclient.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.relais.testkit.smtp.ScriptedSmtpServer.scriptedServer;

import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.relais.smtpclient.ClientSettings;
import org.relais.smtpclient.Endpoint;
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
        Endpoint one = to(server);
        Endpoint two = new Endpoint(
                one.host(),
                one.address(),
                one.port(),
                one.protocol(),
                one.tls(),
                new Endpoint.Identity("second.test", java.util.Optional.empty()),
                one.credentials());
        assertReplies(send(one, mail()), 250);
        assertReplies(send(two, mail()), 250);
        assertThat(server.connections()).isEqualTo(2);
    }

    @Test
    void opensNoMoreThanAreAllowedToOneAddress() throws Exception {
        var server = start(scriptedServer().announces("PIPELINING", "CHUNKING", "8BITMIME"));
        var all = IntStream.range(0, 400)
                .mapToObj(i -> client().send(to(server), mail()).toCompletableFuture())
                .toArray(CompletableFuture[]::new);
        CompletableFuture.allOf(all).get(20, java.util.concurrent.TimeUnit.SECONDS);
        assertThat(server.mailCount()).isEqualTo(400);
        assertThat(server.connections()).isLessThanOrEqualTo(5);
    }

    @Test
    void closesAnIdleConnectionToMakeRoomForAnother() throws Exception {
        use(new ClientSettings(1, 1, LONG, 1000, settings(LONG).timeouts(), LONG, CLOSING));
        assertReplies(send(scriptedServer()), 250);
        assertReplies(send(scriptedServer()), 250);
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
