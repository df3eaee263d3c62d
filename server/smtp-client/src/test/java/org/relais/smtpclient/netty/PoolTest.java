package org.relais.smtpclient.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.relais.testkit.smtp.ScriptedSmtpServer.scriptedServer;

import java.net.InetAddress;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.relais.smtpclient.ClientSettings;
import org.relais.smtpclient.Endpoint;
import org.relais.smtpclient.Protocol;
import org.relais.smtpclient.TlsPolicy;
import org.relais.smtpclient.TransactionResult.Cause;
import org.relais.testkit.smtp.Answer;
import org.relais.testkit.smtp.Stage;

/** Connections are kept, shared, replaced and closed. */
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
}
