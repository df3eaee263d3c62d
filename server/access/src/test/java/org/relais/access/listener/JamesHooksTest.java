package org.relais.access.listener;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.mail.MessagingException;
import javax.mail.internet.MimeMessage;
import org.apache.commons.configuration2.BaseHierarchicalConfiguration;
import org.apache.james.core.MailAddress;
import org.apache.james.core.MaybeSender;
import org.apache.james.core.Username;
import org.apache.james.protocols.api.OidcSASLConfiguration;
import org.apache.james.protocols.api.ProtocolSession.AttachmentKey;
import org.apache.james.protocols.api.ProtocolSession.State;
import org.apache.james.protocols.api.Response;
import org.apache.james.protocols.api.handler.ConnectHandler;
import org.apache.james.protocols.api.handler.ProtocolHandler;
import org.apache.james.protocols.smtp.SMTPResponse;
import org.apache.james.protocols.smtp.SMTPSession;
import org.apache.james.protocols.smtp.hook.AuthHook;
import org.apache.james.protocols.smtp.hook.HeloHook;
import org.apache.james.protocols.smtp.hook.HookResult;
import org.apache.james.protocols.smtp.hook.HookReturnCode;
import org.apache.james.protocols.smtp.hook.HookReturnCode.Action;
import org.apache.james.protocols.smtp.hook.MailHook;
import org.apache.james.protocols.smtp.hook.MailParametersHook;
import org.apache.james.protocols.smtp.hook.MessageHook;
import org.apache.james.protocols.smtp.hook.QuitHook;
import org.apache.james.protocols.smtp.hook.RcptHook;
import org.apache.james.smtpserver.JamesMessageHook;
import org.apache.james.smtpserver.MailPriorityHandler;
import org.apache.james.smtpserver.SetMimeHeaderHandler;
import org.apache.james.smtpserver.fastfail.MaxRcptHandler;
import org.apache.james.smtpserver.fastfail.MaxUnknownCmdHandler;
import org.apache.mailet.Attribute;
import org.apache.mailet.AttributeName;
import org.apache.mailet.Mail;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.relais.access.smtp.Role;
import org.relais.access.transport.Certificate;
import org.relais.access.transport.LineClient;
import org.relais.access.transport.TlsContext;
import org.relais.access.transport.TlsMode;

/** James's own hooks and others, over sockets. */
@Timeout(60)
class JamesHooksTest {
    private static final String CONTENT = "Subject: sale\r\nX-Odd:  kept \r\n\r\nbody \0 kept\r\n";

    @TempDir
    static Path certificate;

    private static TlsContext tls;
    private Receiving receiving;

    @BeforeAll
    static void makeACertificate() throws Exception {
        tls = Certificate.write(certificate, "mx.example.org");
    }

    @BeforeEach
    void open() throws Exception {
        receiving = new Receiving(tls);
    }

    @AfterEach
    void close() throws Exception {
        receiving.close();
    }

    private LineClient client(ProtocolHandler... hooks) throws Exception {
        return LineClient.connect(listen(hooks));
    }

    private InetSocketAddress listen(ProtocolHandler... hooks) throws Exception {
        return receiving.hooks(hooks).port(Role.SMTP, TlsMode.STARTTLS);
    }

    private LineClient greeted(ProtocolHandler... hooks) throws Exception {
        LineClient client = client(hooks);
        assertThat(client.reply()).startsWith("220 ");
        assertThat(client.say("EHLO client.example.net")).startsWith("250");
        return client;
    }

    private static String mail(LineClient client) throws Exception {
        assertThat(client.say("MAIL FROM:<carol@example.net>")).startsWith("250");
        assertThat(client.say("RCPT TO:<bob@example.org>")).startsWith("250");
        assertThat(client.say("DATA")).startsWith("354");
        return client.send(CONTENT).say(".");
    }

    private static HookResult of(Action action, String code, String text) {
        return HookResult.builder()
                .hookReturnCode(HookReturnCode.connected(action))
                .smtpReturnCode(code)
                .smtpDescription(text)
                .build();
    }

    @Test
    void asksJamesMaxRcptHandlerWithTheRecipientsSoFar() throws Exception {
        var configuration = new BaseHierarchicalConfiguration();
        configuration.addProperty("maxRcpt", 1);
        var hook = new MaxRcptHandler();
        hook.init(configuration);

        try (var client = greeted(hook)) {
            client.say("MAIL FROM:<carol@example.net>");

            assertThat(client.say("RCPT TO:<bob@example.org>")).isEqualTo("250 2.1.5 Ok");
            assertThat(client.say("RCPT TO:<alice@example.org>"))
                    .isEqualTo("452 4.5.3 Requested action not taken: max recipients reached");
            client.say("RSET");
            client.say("MAIL FROM:<carol@example.net>");
            assertThat(client.say("RCPT TO:<alice@example.org>")).isEqualTo("250 2.1.5 Ok");
        }
    }

    @Test
    void keepsAConnectionsAttachmentsAndEndsItWhenTheHookSaysSo() throws Exception {
        var configuration = new BaseHierarchicalConfiguration();
        configuration.addProperty("maxUnknownCmdCount", 1);
        var hook = new MaxUnknownCmdHandler();
        hook.init(configuration);

        try (var client = greeted(hook)) {
            assertThat(client.say("XYZZY")).isEqualTo("500 5.5.2 Unknown command");
            assertThat(client.say("XYZZY")).startsWith("521 ");
            assertThat(client.isClosedByServer()).isTrue();
        }
    }

    @Test
    void aRefusalIsAnEventAndOkIsNoRight() throws Exception {
        RcptHook hook = new RcptHook() {
            @Override
            public HookResult doRcpt(SMTPSession session, MaybeSender sender, MailAddress rcpt) {
                session.setRelayingAllowed(true);
                return rcpt.getLocalPart().equals("alice") ? of(Action.DENY, "550", "5.7.1 not you") : HookResult.OK;
            }
        };
        try (var client = greeted(hook)) {
            client.say("MAIL FROM:<carol@example.net>");

            assertThat(client.say("RCPT TO:<bob@example.org>")).isEqualTo("250 2.1.5 Ok");
            assertThat(client.say("RCPT TO:<alice@example.org>")).isEqualTo("550 5.7.1 not you");
            assertThat(client.say("RCPT TO:<nobody@example.org>")).startsWith("550 5.1.1");
            assertThat(client.say("RCPT TO:<somebody@elsewhere.example>")).startsWith("550 5.7.1 Relaying");
        }
        assertThat(receiving.events).anyMatch(event -> event.toString().contains("not you"));
    }

    @Test
    void theFirstThatDoesNotDeclineDecides() throws Exception {
        List<String> asked = new CopyOnWriteArrayList<>();
        MailHook first = named("first", asked, HookResult.DECLINED);
        MailHook second = named("second", asked, HookResult.OK);
        MailHook third = named("third", asked, HookResult.DENY);

        try (var client = greeted(first, second, third)) {
            assertThat(client.say("MAIL FROM:<carol@example.net>")).isEqualTo("250 2.1.0 Ok");
        }
        assertThat(asked).containsExactly("first", "second");
    }

    private static MailHook named(String name, List<String> asked, HookResult result) {
        return new MailHook() {
            @Override
            public HookResult doMail(SMTPSession session, MaybeSender sender) {
                asked.add(name);
                return result;
            }
        };
    }

    @Test
    void aHookThatThrowsCostsOneRetryAndTheSessionGoesOn() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        MailHook hook = new MailHook() {
            @Override
            public HookResult doMail(SMTPSession session, MaybeSender sender) {
                switch (calls.incrementAndGet()) {
                    case 1:
                        throw new IllegalStateException("a bug");
                    case 2:
                        throw new NoClassDefFoundError("com/example/Missing");
                    case 3:
                        return null;
                    default:
                        return HookResult.DECLINED;
                }
            }
        };
        try (var client = greeted(hook)) {
            for (int i = 0; i < 3; i++) {
                assertThat(client.say("MAIL FROM:<carol@example.net>")).startsWith("451 4.3.0");
            }
            assertThat(mail(client)).startsWith("250 2.0.0");
        }
    }

    @Test
    void aHookThatBlocksHoldsUpNoOtherSession() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        HeloHook hook = (session, helo) -> {
            if (helo.equals("slow.example.net")) {
                await(release);
            }
            return HookResult.DECLINED;
        };
        var address = listen(hook);
        try (var slow = LineClient.connect(address);
                var other = LineClient.connect(address)) {
            slow.reply();
            other.reply();
            slow.send("EHLO slow.example.net\r\nNOOP\r\n");

            assertThat(other.say("EHLO client.example.net")).startsWith("250");
            assertThat(mail(other)).startsWith("250 2.0.0");

            release.countDown();
            assertThat(slow.reply()).startsWith("250");
            assertThat(slow.reply()).isEqualTo("250 2.0.0 Ok");
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aConnectHandlerMayTurnAClientAway() throws Exception {
        ConnectHandler<SMTPSession> hook = session -> {
            SMTPResponse response = new SMTPResponse(
                    "554", "not from " + session.getRemoteAddress().getAddress());
            response.setEndSession(true);
            return response;
        };
        try (var client = client(hook)) {
            assertThat(client.reply()).startsWith("554 5.7.1 not from ");
            assertThat(client.isClosedByServer()).isTrue();
        }
    }

    @Test
    void aConnectHandlerWithoutObjectionLeavesTheGreetingToUs() throws Exception {
        ConnectHandler<SMTPSession> hook = session -> null;
        ConnectHandler<SMTPSession> welcome = session -> (Response) new SMTPResponse("220", "welcome");
        try (var client = client(hook, welcome)) {
            assertThat(client.reply()).isEqualTo("220 mx.example.org ESMTP Relais");
        }
    }

    @Test
    void disconnectEndsTheSessionBehindItsReply() throws Exception {
        MailHook hook = named("x", new CopyOnWriteArrayList<>(), HookResult.DISCONNECT);
        try (var client = greeted(hook)) {
            assertThat(client.say("MAIL FROM:<carol@example.net>")).isEqualTo("554 5.7.1 Closing connection");
            assertThat(client.isClosedByServer()).isTrue();
        }
    }

    /** Announces FOO, keeps its value until the mail, and knows one user. */
    private static final class Foo implements HeloHook, MailParametersHook, JamesMessageHook, AuthHook {
        private static final AttachmentKey<String> KEY = AttachmentKey.of("foo", String.class);

        @Override
        public Set<String> implementedEsmtpFeatures(SMTPSession session) {
            return Set.of("XFOO");
        }

        @Override
        public HookResult doHelo(SMTPSession session, String helo) {
            return HookResult.DECLINED;
        }

        @Override
        public HookResult doMailParameter(SMTPSession session, String name, String value) {
            session.setAttachment(KEY, value, State.Transaction);
            return HookResult.DECLINED;
        }

        @Override
        public String[] getMailParamNames() {
            return new String[] {"XFOO"};
        }

        @Override
        public HookResult onMessage(SMTPSession session, Mail mail) {
            mail.setAttribute(Attribute.convertToAttribute(
                    "foo", session.getAttachment(KEY, State.Transaction).orElse("none")));
            mail.setAttribute(Attribute.convertToAttribute("user", String.valueOf(session.getUsername())));
            return HookResult.OK;
        }

        @Override
        public HookResult doAuth(SMTPSession session, Username username, String password) {
            if (!password.equals("token")) {
                return HookResult.DECLINED;
            }
            session.setUsername(Username.of("dave@example.org"));
            return HookResult.OK;
        }

        @Override
        public HookResult doSasl(SMTPSession session, OidcSASLConfiguration configuration, String response) {
            return HookResult.DECLINED;
        }
    }

    @Test
    void aParameterOfAHookReachesTheMailAsAnAttributeAndNoOtherMail() throws Exception {
        try (var client = greeted(new Foo())) {
            assertThat(client.say("MAIL FROM:<carol@example.net> XBAR=1")).startsWith("555 5.5.4");
            client.say("MAIL FROM:<carol@example.net> XFOO=yes");
            client.say("RCPT TO:<bob@example.org>");
            client.say("DATA");
            assertThat(client.send(CONTENT).say(".")).startsWith("250 2.0.0");
            assertThat(mail(client)).startsWith("250 2.0.0");
        }
        assertThat(receiving.mails())
                .extracting(mail -> mail.state().attributes().get("foo"))
                .satisfiesExactlyInAnyOrder(
                        json -> assertThat(json).contains("yes"),
                        json -> assertThat(json).contains("none"));
    }

    @Test
    void anAuthHookMayKnowAUserAndTheDirectoryTheOthers() throws Exception {
        var address = receiving.hooks(new Foo()).port(Role.SUBMISSION, TlsMode.STARTTLS);
        try (var client = LineClient.connect(address)) {
            client.reply();
            client.say("EHLO c");
            client.say("STARTTLS");
            client.startTls();
            assertThat(client.say("EHLO c")).contains("250");

            assertThat(client.say("AUTH PLAIN " + plain("alice@example.org", "wrong")))
                    .startsWith("535");
            assertThat(client.say("AUTH PLAIN " + plain("anybody", "token"))).startsWith("235");
            assertThat(mail(client)).startsWith("250 2.0.0");
        }
        assertThat(receiving.mails())
                .singleElement()
                .satisfies(mail ->
                        assertThat(mail.state().attributes().get("user")).contains("localPart=dave"));
    }

    private static String plain(String name, String password) {
        return Base64.getEncoder().encodeToString(("\0" + name + "\0" + password).getBytes(ISO_8859_1));
    }

    @Test
    void aMessageHookReadsTheBytesAndRefusesBeforeAnythingIsKept() throws Exception {
        List<String> seen = new CopyOnWriteArrayList<>();
        MessageHook hook = (session, mail) -> {
            try (var in = mail.getMessageInputStream()) {
                seen.add(new String(in.readAllBytes(), ISO_8859_1));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return seen.size() == 1
                    ? of(Action.DENY, "550", "5.6.0 no sales")
                    : seen.size() == 2 ? HookResult.DENYSOFT : HookResult.DECLINED;
        };
        try (var client = greeted(hook)) {
            assertThat(mail(client)).isEqualTo("550 5.6.0 no sales");
            assertThat(mail(client)).startsWith("451 4.7.1");
            assertThat(receiving.mails()).isEmpty();
            assertThat(mail(client)).startsWith("250 2.0.0");
        }
        assertThat(seen)
                .hasSize(3)
                .allSatisfy(text -> assertThat(text).startsWith("Received: ").endsWith(CONTENT));
        assertThat(receiving.mails())
                .singleElement()
                .satisfies(mail -> assertThat(mail.text()).isEqualTo(seen.get(2)));
    }

    @Test
    void aMessageHookThatThrowsLosesNothingAndKeepsNothing() throws Exception {
        MessageHook hook = (session, mail) -> {
            throw new StackOverflowError("a hostile mail");
        };
        try (var client = greeted(hook)) {
            assertThat(mail(client)).startsWith("451 4.3.0");
            assertThat(client.say("NOOP")).isEqualTo("250 2.0.0 Ok");
        }
        assertThat(receiving.mails()).isEmpty();
    }

    @Test
    void whatHooksChangeOfHeaderAndPriorityIsCommitted() throws Exception {
        var header = new SetMimeHeaderHandler();
        header.setHeaderName("X-Checked");
        header.setHeaderValue("yes");
        var priority = new MailPriorityHandler();
        var configuration = new BaseHierarchicalConfiguration();
        configuration.addProperty("priorityEntries.priorityEntry.domain", "example.org");
        configuration.addProperty("priorityEntries.priorityEntry.priority", 8);
        priority.init(configuration);

        try (var client = greeted(header, priority)) {
            assertThat(mail(client)).startsWith("250 2.0.0");
        }
        assertThat(receiving.mails()).singleElement().satisfies(mail -> {
            assertThat(mail.state().prefix() + mail.text())
                    .contains("X-Checked: yes\r\n")
                    .contains("Subject: sale\r\nX-Odd:  kept \r\n")
                    .endsWith("\r\n\r\nbody \0 kept\r\n");
            assertThat(mail.envelopes())
                    .allSatisfy(envelope ->
                            assertThat(envelope.details().priority()).isEqualTo(8));
        });
    }

    @Test
    void aChangedBodyIsCommittedInsteadAndAChangedEnvelopeIsNot() throws Exception {
        JamesMessageHook hook = (session, mail) -> {
            try {
                MimeMessage message = mail.getMessage();
                message.setText("another body");
                message.saveChanges();
                mail.setRecipients(List.of(new MailAddress("mallory@elsewhere.example")));
                mail.setState(Mail.GHOST);
            } catch (MessagingException e) {
                throw new IllegalStateException(e);
            }
            mail.removeAttribute(AttributeName.of("org.apache.james.HELO"));
            return HookResult.DECLINED;
        };
        try (var client = greeted(hook)) {
            assertThat(mail(client)).startsWith("250 2.0.0");
        }
        assertThat(receiving.mails()).singleElement().satisfies(mail -> {
            assertThat(mail.text()).contains("another body").doesNotContain("body \0 kept");
            assertThat(mail.state().processor()).isEqualTo("root");
            assertThat(mail.state().attributes()).doesNotContainKey("org.apache.james.HELO");
            assertThat(mail.envelopes())
                    .extracting(envelope -> envelope.details().forwardPath())
                    .containsExactly("bob@example.org");
        });
    }

    @Test
    void theQuitHookIsToldAndCannotKeepTheSession() throws Exception {
        AtomicInteger told = new AtomicInteger();
        QuitHook hook = session -> {
            told.incrementAndGet();
            return HookResult.DENY;
        };
        try (var client = greeted(hook)) {
            assertThat(client.say("QUIT")).startsWith("221 2.0.0");
            assertThat(client.isClosedByServer()).isTrue();
        }
        assertThat(told).hasValue(1);
    }

    @Test
    void refusesWhatIsNoHook() {
        assertThatThrownBy(() -> receiving.hooks(new ProtocolHandler() {}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is not a hook");
    }
}
