package org.relais.smtpclient.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.relais.model.Reply;
import org.relais.smtpclient.OutgoingContent;
import org.relais.smtpclient.Protocol;
import org.relais.smtpclient.TlsPolicy;
import org.relais.smtpclient.Transaction;

/** The protocol without sockets. */
class ProtocolTest {

    @Test
    void readsAReplySplitAnywhere() throws Exception {
        byte[] octets = "250-first\r\n250-second\n250 third\r\n".getBytes(StandardCharsets.US_ASCII);

        for (int at = 1; at < octets.length; at++) {
            ReplyReader reader = new ReplyReader();

            assertThat(reader.read(ByteBuffer.wrap(octets, 0, at))).isNull();
            assertThat(reader.read(ByteBuffer.wrap(octets, at, octets.length - at)))
                    .isEqualTo(new Reply(250, List.of("first", "second", "third")));
        }
    }

    @Test
    void readsOneReplyAtATimeFromAGroup() throws Exception {
        ByteBuffer in = ByteBuffer.wrap("250\r\n354 go\r\n".getBytes(StandardCharsets.US_ASCII));
        ReplyReader reader = new ReplyReader();

        assertThat(reader.read(in)).isEqualTo(Reply.of(250, ""));
        assertThat(reader.read(in)).isEqualTo(Reply.of(354, "go"));
        assertThat(in.hasRemaining()).isFalse();
    }

    @Test
    void refusesWhatIsNoReply() {
        for (String line : List.of("", "25", "250x", "150 early", "650 late", "2.0 ok", "abc def", "250-a\r\n251 b")) {
            assertThatThrownBy(() -> new ReplyReader().read(ByteBuffer.wrap((line + "\r\n").getBytes("UTF-8"))))
                    .as(line)
                    .isInstanceOf(NotSmtpException.class);
        }
    }

    @Test
    void readsExtensionsAndTheirValues() {
        Extensions extensions = Extensions.of(new Reply(
                250,
                List.of(
                        "PIPELINING",
                        "size 1000",
                        "AUTH=LOGIN",
                        "AUTH PLAIN SCRAM-SHA-256",
                        "LIMITS MAILMAX=5 RCPTMAX=7 X=1 RCPTDOMAINMAX=0")));

        assertThat(extensions.has(Extensions.Keyword.PIPELINING))
                .as("the first line is a name")
                .isFalse();
        assertThat(extensions.size()).isEqualTo(1000);
        assertThat(extensions.mechanisms()).containsExactlyInAnyOrder("LOGIN", "PLAIN", "SCRAM-SHA-256");
        assertThat(extensions.limits()).isEqualTo(new Extensions.Limits(5, 7, Integer.MAX_VALUE));
    }

    @Test
    void doublesDotsOverEveryBorder() {
        String text = ".\r\n..a\r\nb.\r\n\r\n.c";
        for (int at = 0; at <= text.length(); at++) {
            DotStuffing dots = new DotStuffing();
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            for (String piece : List.of(text.substring(0, at), text.substring(at))) {
                ByteBuffer stuffed = dots.stuff(ByteBuffer.wrap(piece.getBytes(StandardCharsets.US_ASCII)));
                while (stuffed.hasRemaining()) {
                    out.write(stuffed.get());
                }
            }
            out.writeBytes(dots.end().getBytes(StandardCharsets.US_ASCII));

            assertThat(out.toString(StandardCharsets.US_ASCII)).isEqualTo("..\r\n...a\r\nb.\r\n\r\n..c\r\n.\r\n");
        }
    }

    @Test
    void writesAGroupOfAllCommandsWherePipeliningIsAnnounced() {
        Extensions server =
                Extensions.of(new Reply(250, List.of("x", "PIPELINING", "SIZE", "8BITMIME", "DSN", "SMTPUTF8")));

        var step = new Exchange(mail(OutgoingContent.Kind.EIGHT_BIT), server, Protocol.SMTP, true, true).start();

        assertThat(new String(step.commands(), StandardCharsets.UTF_8))
                .isEqualTo("RSET\r\n"
                        + "MAIL FROM:<a@x.test> SIZE=5 BODY=8BITMIME SMTPUTF8 RET=HDRS ENVID=e1\r\n"
                        + "RCPT TO:<j\u00f6rg@x.test> NOTIFY=NEVER ORCPT=rfc822;b\r\n"
                        + "DATA\r\n");
    }

    @Test
    void sendsTheChunkWithTheGroupOnlyWhereItMay() {
        Extensions server =
                Extensions.of(new Reply(250, List.of("x", "PIPELINING", "CHUNKING", "8BITMIME", "SMTPUTF8")));
        Transaction mail = mail(OutgoingContent.Kind.EIGHT_BIT);

        var eager = new Exchange(mail, server, Protocol.SMTP, false, true).start();
        var careful = new Exchange(mail, server, Protocol.SMTP, false, false).start();

        assertThat(new String(eager.commands(), StandardCharsets.UTF_8)).endsWith("BDAT 5 LAST\r\n");
        assertThat(eager.content()).isEqualTo(Exchange.Content.AS_IS);
        assertThat(new String(careful.commands(), StandardCharsets.UTF_8)).doesNotContain("BDAT");
        assertThat(careful.content()).isEqualTo(Exchange.Content.NONE);
    }

    @Test
    void decidesOnTlsByPolicyAlone() {
        var required = new TlsPolicy(TlsPolicy.Level.REQUIRED, false, "r");

        assertThat(TlsDecision.atOffer(TlsPolicy.OPPORTUNISTIC, false, false).verdict())
                .isEqualTo(TlsDecision.Verdict.CLEAR);
        assertThat(TlsDecision.atOffer(TlsPolicy.OPPORTUNISTIC, false, true).verdict())
                .isEqualTo(TlsDecision.Verdict.REFUSE);
        assertThat(TlsDecision.afterFailure(TlsPolicy.OPPORTUNISTIC, false, "x").verdict())
                .isEqualTo(TlsDecision.Verdict.CLEAR);
        assertThat(TlsDecision.afterFailure(required, false, "x").verdict()).isEqualTo(TlsDecision.Verdict.REFUSE);
        assertThat(TlsDecision.afterHandshake(required, false, "x").verdict()).isEqualTo(TlsDecision.Verdict.TLS);
    }

    private static Transaction mail(OutgoingContent.Kind kind) {
        OutgoingContent content = new OutgoingContent() {
            @Override
            public long size() {
                return 5;
            }

            @Override
            public Kind kind() {
                return kind;
            }

            @Override
            public Optional<ByteBuffer[]> inMemory() {
                return Optional.empty();
            }

            @Override
            public InputStream open() {
                return InputStream.nullInputStream();
            }
        };
        return new Transaction(
                "a@x.test",
                List.of(new Transaction.Recipient("j\u00f6rg@x.test", "NEVER", "rfc822;b")),
                content,
                "HDRS",
                "e1",
                true);
    }
}
