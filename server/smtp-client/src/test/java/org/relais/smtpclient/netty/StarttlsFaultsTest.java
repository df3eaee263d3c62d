package org.relais.smtpclient.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.relais.smtpclient.netty.Fault.fault;
import static org.relais.smtpclient.netty.Fault.unavailable;
import static org.relais.testkit.smtp.ScriptedSmtpServer.scriptedServer;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.relais.smtpclient.Protocol;
import org.relais.smtpclient.TlsPolicy;
import org.relais.smtpclient.TlsPolicy.Level;
import org.relais.smtpclient.TransactionResult.Cause;
import org.relais.testkit.smtp.Answer;
import org.relais.testkit.smtp.Stage;
import org.relais.testkit.wire.Deadline;
import org.relais.testkit.wire.Wire;

/** Remote behaviours around STARTTLS (RFC 3207) up to the handshake. */
class StarttlsFaultsTest extends RemoteTest {

    @Test
    void waitsWhereRequiredTlsIsNotOffered() throws Exception {
        var result = send(to(start(scriptedServer()), Level.REQUIRED), mail());

        assertUnavailable(result, Cause.TLS);
    }

    @ParameterizedTest(name = "goes on in the clear at {0} to STARTTLS")
    @ValueSource(strings = {"454 4.7.0 not now", "501 5.5.4 what?", "554 5.7.3 no"})
    void goesOnInTheClearWhereStarttlsIsRefused(String reply) throws Exception {
        var server = start(scriptedServer().offersStartTls().on(Stage.STARTTLS, reply));

        var result = send(to(server), mail());

        assertReplies(result, 250);
        assertThat(result.session().why()).contains(reply);
    }

    @ParameterizedTest(name = "waits at {0} to STARTTLS that is required")
    @ValueSource(strings = {"454 4.7.0 not now", "501 5.5.4 what?", "554 5.7.3 no"})
    void waitsWhereRequiredStarttlsIsRefused(String reply) throws Exception {
        var server = start(scriptedServer().offersStartTls().on(Stage.STARTTLS, reply));

        var result = send(to(server, Level.REQUIRED), mail());

        assertUnavailable(result, Cause.TLS);
    }

    private static final List<Fault> FAULTS = List.of(
            fault(
                    "is unavailable at 421 to STARTTLS",
                    Stage.STARTTLS,
                    Answer.reply("421 4.3.2 closing"),
                    unavailable(Cause.CLOSED)),
            fault("is unavailable where STARTTLS closes", Stage.STARTTLS, Answer.close(), unavailable(Cause.TLS)),
            fault(
                    "is unavailable at nonsense to STARTTLS",
                    Stage.STARTTLS,
                    Answer.reply("hello?"),
                    unavailable(Cause.TLS)));

    @ParameterizedTest(name = "{0}")
    @FieldSource("FAULTS")
    void leadsTo(Fault fault) throws Exception {
        var result = send(scriptedServer().offersStartTls().on(fault.stage(), fault.answer()));

        fault.outcome().accept(result);
    }

    @Test
    void isUnavailableWhereStarttlsIsNotAnswered() throws Exception {
        use(settings(SHORT));

        var result = send(scriptedServer().offersStartTls().on(Stage.STARTTLS, Answer.silence()));

        assertUnavailable(result, Cause.TLS);
    }

    @Test
    void comesBackInTheClearWhereTheHandshakeBreaks() throws Exception {
        var server = start(scriptedServer().announces("STARTTLS").on(Stage.STARTTLS, "220 go", "not TLS at all"));

        var result = send(to(server), mail());

        assertReplies(result, 250);
        assertThat(server.connections()).isEqualTo(2);
    }

    @Test
    void comesBackInTheClearWhereTheClientHelloIsAnsweredWithRubbish() throws Exception {
        List<String> said = new CopyOnWriteArrayList<>();
        var server = listen((wire, number) -> answersTheClientHelloWithRubbish(wire, said));

        var result = send(at(server.address().getPort(), Protocol.SMTP, TlsPolicy.OPPORTUNISTIC, null), mail());

        assertReplies(result, 250);
        assertThat(result.session().tls()).isEqualTo("none");
        assertThat(result.session().why()).startsWith("STARTTLS failed");
        assertThat(said).containsOnlyOnce("STARTTLS");
        assertThat(server.connections()).isEqualTo(2);
    }

    @Test
    void waitsWhereTheClientHelloIsAnsweredWithRubbishAndTlsIsRequired() throws Exception {
        var server = listen((wire, number) -> answersTheClientHelloWithRubbish(wire, new ArrayList<>()));

        var required = new TlsPolicy(Level.REQUIRED, false, "the test");

        assertUnavailable(send(at(server.address().getPort(), Protocol.SMTP, required, null), mail()), Cause.TLS);
        assertThat(server.connections()).isEqualTo(1);
    }

    private static void answersTheClientHelloWithRubbish(Wire wire, List<String> said) throws IOException {
        wire.write("220 scripted.test\r\n".getBytes(StandardCharsets.US_ASCII));
        while (true) {
            Optional<String> line = wire.readLine(1000, Deadline.in(LONG));
            if (line.isEmpty()) {
                return;
            }
            said.add(line.get());
            String reply = switch (line.get().split(" ", 2)[0]) {
                case "EHLO" -> "250-scripted.test\r\n250 STARTTLS\r\n";
                case "DATA" -> "354 go\r\n";
                case "STARTTLS" -> "220 go\r\n";
                case "MAIL", "RCPT", "." -> "250 ok\r\n";
                default -> "";
            };
            wire.write(reply.getBytes(StandardCharsets.US_ASCII));
            if (line.get().equals("STARTTLS")) {
                int type = wire.read(Deadline.in(LONG), "the ClientHello");
                assertThat(type).isEqualTo(22); // handshake (RFC 8446 §5.1)
                wire.write(new byte[] {0x42, 0, (byte) 0xff, 7, 7, 7, 7, 7});
            }
        }
    }

    @Test
    void comesBackInTheClearWhereMoreIsSaidBehindStarttls() throws Exception {
        var server = start(scriptedServer().announces("STARTTLS").on(Stage.STARTTLS, "220 go", "250 injected"));

        var result = send(to(server), mail());

        assertReplies(result, 250);
        assertThat(result.session().why()).contains("behind the reply to STARTTLS");
    }

    @Test
    void waitsWhereARequiredHandshakeBreaks() throws Exception {
        var server = start(scriptedServer()
                .announces("STARTTLS")
                .on(Stage.STARTTLS, Answer.reply("220 go").thenCloses()));

        var result = send(to(server, Level.REQUIRED), mail());

        assertUnavailable(result, Cause.TLS);
    }
}
