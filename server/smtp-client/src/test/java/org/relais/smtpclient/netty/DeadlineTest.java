package org.relais.smtpclient.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.relais.testkit.smtp.ScriptedSmtpServer.scriptedServer;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.relais.smtpclient.ClientSettings;
import org.relais.smtpclient.Endpoint;
import org.relais.smtpclient.OutgoingContent.Kind;
import org.relais.smtpclient.Protocol;
import org.relais.smtpclient.TlsPolicy;
import org.relais.smtpclient.TransactionResult;
import org.relais.smtpclient.TransactionResult.Interrupted;
import org.relais.testkit.smtp.Answer;
import org.relais.testkit.smtp.Stage;
import org.relais.testkit.wire.Deadline;
import org.relais.testkit.wire.LoopbackServer;
import org.relais.testkit.wire.Wire;

/** Hops that are slow, or silent: the mail comes back in time, and the connection's place is given back. */
class DeadlineTest extends RemoteTest {
    /** More than the kernel takes by itself. */
    private static final byte[] HUGE =
            "x".repeat(76).concat("\r\n").repeat(500_000).getBytes(StandardCharsets.US_ASCII);

    private final CountDownLatch over = new CountDownLatch(1);

    /** One connection in all: the next mail shows that its place is free. */
    private static ClientSettings one(Duration silence, Duration transaction) {
        return new ClientSettings(
                1,
                1,
                LONG,
                1000,
                new ClientSettings.Timeouts(LONG, LONG, LONG, LONG, LONG, LONG, LONG, LONG, transaction),
                silence,
                CLOSING);
    }

    @Test
    void givesUpAHopThatTakesNoOctetMore() throws Exception {
        use(one(SHORT, LONG));
        var hop = readsInContent(1 << 20, 100_000);

        assertGivenUp(send(to(hop), mail(new Octets(HUGE, Kind.SEVEN_BIT, true))), "took no octet for PT0.3S");
    }

    @Test
    void givesUpAStreamToAHopThatTakesNoOctetMore() throws Exception {
        use(one(SHORT, LONG));
        var hop = readsInContent(1 << 20, 100_000);

        assertGivenUp(send(to(hop), mail(new Octets(HUGE, Kind.SEVEN_BIT, false))), "took no octet for PT0.3S");
    }

    @Test
    void givesUpAHopThatTakesAnOctetAtATime() throws Exception {
        use(one(Duration.ofMillis(500), Duration.ofSeconds(2)));
        var hop = readsInContent(1, 20);

        assertGivenUp(send(to(hop), mail(new Octets(HUGE, Kind.SEVEN_BIT, true))), "");
    }

    @Test
    void endsATransactionThatGoesOnForTooLongThoughItGoesOn() throws Exception {
        use(one(LONG, Duration.ofSeconds(1)));
        var hop = readsInContent(64 * 1024, 20);

        assertGivenUp(send(to(hop), mail(new Octets(HUGE, Kind.SEVEN_BIT, true))), "took longer than PT1S");
    }

    @Test
    void endsATransactionOfManySlowReplies() throws Exception {
        use(one(LONG, Duration.ofSeconds(1)));
        var slow = start(scriptedServer().on(Stage.RCPT, Answer.reply("250 ok").after(Duration.ofMillis(50))));
        String[] recipients =
                IntStream.range(0, 100).mapToObj(i -> i + "@x.test").toArray(String[]::new);

        assertGivenUp(send(to(slow), mail(recipients)), "took longer than PT1S");
    }

    @Test
    void isNotHurriedByAReplyThatComesOctetByOctet() throws Exception {
        use(settings(SHORT));
        var endless = start(scriptedServer()
                .on(
                        Stage.MAIL,
                        Answer.reply("250 2.1.0 ok")
                                .after(Duration.ofMillis(50))
                                .byteWise()));

        assertReplies(send(to(endless), mail()), 250);
    }

    private void assertGivenUp(TransactionResult result, String text) {
        assertInterrupted(result, false);
        assertThat(((Interrupted) result).text()).contains(text);
        assertReplies(send(to(start(scriptedServer())), mail()), 250);
        assertThat(client().connections()).isEqualTo(1);
        over.countDown();
    }

    private static Endpoint to(LoopbackServer hop) {
        return at(hop.address().getPort(), Protocol.SMTP, TlsPolicy.OPPORTUNISTIC, null);
    }

    /** Takes so many octets of the content, waits, and so on. */
    private LoopbackServer readsInContent(int octets, long waitMillis) throws IOException {
        return listen((wire, number) -> {
            say(wire, "220 slow.test");
            while (true) {
                Optional<String> line = wire.readLine(1000, Deadline.in(LONG));
                if (line.isEmpty()) {
                    return;
                } else if (line.get().equals("DATA")) {
                    say(wire, "354 go");
                    readSlowly(wire, octets, waitMillis);
                    return;
                }
                say(wire, "250 ok");
            }
        });
    }

    private void readSlowly(Wire wire, int octets, long waitMillis) throws IOException {
        try {
            do {
                wire.readOctets(octets, Deadline.in(LONG));
            } while (!over.await(waitMillis, TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void say(Wire wire, String reply) throws IOException {
        wire.write((reply + "\r\n").getBytes(StandardCharsets.US_ASCII));
    }
}
