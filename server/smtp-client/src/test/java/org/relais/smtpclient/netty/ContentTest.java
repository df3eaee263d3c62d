package org.relais.smtpclient.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.relais.testkit.smtp.ScriptedSmtpServer.scriptedServer;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.relais.smtpclient.OutgoingContent.Kind;

/** The octets that arrive are those that were sent. */
class ContentTest extends RemoteTest {

    @Test
    void carriesLeadingDotsByData() throws Exception {
        byte[] sent = ".\r\n..\r\n.a\r\n\r\n.\r\n".getBytes(StandardCharsets.ISO_8859_1);
        var server = start(scriptedServer().announces("PIPELINING", "8BITMIME"));
        assertReplies(send(to(server), mail(new Octets(sent, Kind.SEVEN_BIT, true))), 250);
        assertThat(server.mails().get(0).content()).isEqualTo(sent);
    }

    @Test
    void carriesNothingAtAllByData() throws Exception {
        byte[] sent = "".getBytes(StandardCharsets.ISO_8859_1);
        var server = start(scriptedServer().announces("PIPELINING", "8BITMIME"));
        assertReplies(send(to(server), mail(new Octets(sent, Kind.SEVEN_BIT, true))), 250);
        assertThat(server.mails().get(0).content()).isEqualTo(sent);
    }

    @Test
    void carriesEightBitByData() throws Exception {
        byte[] sent = "\u00e9\u00ff\r\n.\u0080\r\n".getBytes(StandardCharsets.ISO_8859_1);
        var server = start(scriptedServer().announces("PIPELINING", "8BITMIME"));
        assertReplies(send(to(server), mail(new Octets(sent, Kind.EIGHT_BIT, true))), 250);
        assertThat(server.mails().get(0).content()).isEqualTo(sent);
    }

    @Test
    void carriesTenMebibytesStreamedByData() throws Exception {
        byte[] sent = "..........0123456\r\n.\r\n".repeat(456_000).getBytes(StandardCharsets.ISO_8859_1);
        var server = start(scriptedServer().announces("PIPELINING", "8BITMIME"));
        assertReplies(send(to(server), mail(new Octets(sent, Kind.SEVEN_BIT, false))), 250);
        assertThat(server.mails().get(0).content()).isEqualTo(sent);
    }

    @Test
    void carriesTenMebibytesInMemoryByData() throws Exception {
        byte[] sent = "..........0123456\r\n.\r\n".repeat(456_000).getBytes(StandardCharsets.ISO_8859_1);
        var server = start(scriptedServer().announces("PIPELINING", "8BITMIME"));
        assertReplies(send(to(server), mail(new Octets(sent, Kind.SEVEN_BIT, true))), 250);
        assertThat(server.mails().get(0).content()).isEqualTo(sent);
    }

    @Test
    void carriesLeadingDotsByBdat() throws Exception {
        byte[] sent = ".\r\n..\r\n.a\r\n\r\n.\r\n".getBytes(StandardCharsets.ISO_8859_1);
        var server = start(scriptedServer().announces("PIPELINING", "CHUNKING", "8BITMIME", "BINARYMIME"));
        assertReplies(send(to(server), mail(new Octets(sent, Kind.SEVEN_BIT, true))), 250);
        assertThat(server.mails().get(0).content()).isEqualTo(sent);
    }

    @Test
    void carriesNothingAtAllByBdat() throws Exception {
        byte[] sent = "".getBytes(StandardCharsets.ISO_8859_1);
        var server = start(scriptedServer().announces("PIPELINING", "CHUNKING", "8BITMIME", "BINARYMIME"));
        assertReplies(send(to(server), mail(new Octets(sent, Kind.SEVEN_BIT, true))), 250);
        assertThat(server.mails().get(0).content()).isEqualTo(sent);
    }

    @Test
    void carriesEightBitByBdat() throws Exception {
        byte[] sent = "\u00e9\u00ff\r\n.\u0080\r\n".getBytes(StandardCharsets.ISO_8859_1);
        var server = start(scriptedServer().announces("PIPELINING", "CHUNKING", "8BITMIME", "BINARYMIME"));
        assertReplies(send(to(server), mail(new Octets(sent, Kind.EIGHT_BIT, true))), 250);
        assertThat(server.mails().get(0).content()).isEqualTo(sent);
    }

    @Test
    void carriesTenMebibytesStreamedByBdat() throws Exception {
        byte[] sent = "..........0123456\r\n.\r\n".repeat(456_000).getBytes(StandardCharsets.ISO_8859_1);
        var server = start(scriptedServer().announces("PIPELINING", "CHUNKING", "8BITMIME", "BINARYMIME"));
        assertReplies(send(to(server), mail(new Octets(sent, Kind.SEVEN_BIT, false))), 250);
        assertThat(server.mails().get(0).content()).isEqualTo(sent);
    }

    @Test
    void carriesTenMebibytesInMemoryByBdat() throws Exception {
        byte[] sent = "..........0123456\r\n.\r\n".repeat(456_000).getBytes(StandardCharsets.ISO_8859_1);
        var server = start(scriptedServer().announces("PIPELINING", "CHUNKING", "8BITMIME", "BINARYMIME"));
        assertReplies(send(to(server), mail(new Octets(sent, Kind.SEVEN_BIT, true))), 250);
        assertThat(server.mails().get(0).content()).isEqualTo(sent);
    }

    @Test
    void carriesNulByBinarymime() throws Exception {
        var server = start(scriptedServer().announces("CHUNKING", "BINARYMIME", "8BITMIME"));
        assertReplies(send(to(server), mail(content("\u0000\n.\r\n\r", Kind.BINARY))), 250);
        assertThat(server.mails().get(0).text()).isEqualTo("\u0000\n.\r\n\r");
    }

    @Test
    void endsTheLastLineOfDataThatHasNoEnd() throws Exception {
        var server = start(scriptedServer());
        assertReplies(send(to(server), mail(content("a\r\nb", Kind.SEVEN_BIT))), 250);
        assertThat(server.mails().get(0).text()).isEqualTo("a\r\nb\r\n");
    }
}
