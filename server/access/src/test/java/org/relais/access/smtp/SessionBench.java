package org.relais.access.smtp;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.relais.access.transport.Network;
import org.relais.model.QueueIdGenerator;
import org.relais.model.event.MailEvent;

/**
 * A session without sockets, with a small directory: alice and bob live at example.org, list@example.org is an alias;
 * alice's password is "wonderland".
 */
final class SessionBench {
    static final TlsSession TLS = new TlsSession("TLSv1.3", "TLS_AES_256_GCM_SHA384");
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-11-24T09:05:03Z"));

    final RecordingIntake intake = new RecordingIntake();
    final List<MailEvent> events = new ArrayList<>();
    final SmtpSession session;
    final Directory directory = new Directory();
    boolean doesWorkElsewhere = true;

    @Nullable
    Pause pause;

    private ByteBuffer rest = ByteBuffer.allocate(0);
    SmtpSession.Next next = SmtpSession.Next.CONTINUE;

    private SessionBench(SmtpOptions options, String client) {
        this(options, client, Hooks.NONE);
    }

    private SessionBench(SmtpOptions options, String client, Hooks hooks) {
        try {
            session = new SmtpSession(
                    options,
                    new SmtpServices(
                            directory,
                            (name, password) -> "alice@example.org".equals(name) && "wonderland".equals(password)
                                    ? Optional.of(name)
                                    : Optional.empty(),
                            intake,
                            events::add,
                            new QueueIdGenerator(CLOCK),
                            CLOCK,
                            hooks),
                    "s1",
                    new InetSocketAddress(InetAddress.getByName(client), 40000),
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 25));
        } catch (java.net.UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    static SessionBench of(Role role) {
        return new SessionBench(options(role, false), "192.0.2.7");
    }

    static SessionBench with(Role role, SessionHooks hooks) {
        return new SessionBench(options(role, false), "192.0.2.7", (options, session, local) -> hooks);
    }

    static SessionBench from(String client) {
        return new SessionBench(options(Role.SMTP, false), client);
    }

    static SessionBench normalising() {
        return new SessionBench(options(Role.SUBMISSION, true), "192.0.2.7");
    }

    private static SmtpOptions options(Role role, boolean normalise) {
        return new SmtpOptions(
                role,
                "mx.example.org",
                true,
                List.of(Network.parse("10.1.0.0/16")),
                "postmaster@example.org",
                normalise,
                10_000,
                100,
                20);
    }

    /** Sends one line and gives the reply, without its last CRLF. */
    String say(String line) {
        return send(line + "\r\n");
    }

    String send(String octets) {
        rest = ByteBuffer.wrap(octets.getBytes(StandardCharsets.ISO_8859_1));
        return take(session.receive(rest));
    }

    /** Goes on behind a pause of which the test saw to it that it is over. */
    String resume() {
        return take(session.resume(rest));
    }

    /** The replies, without their last CRLF. Does what the session wants done elsewhere, and goes on. */
    String take(SmtpSession.Output given) {
        SmtpSession.Output output = given;
        while (output.pause() instanceof Pause.Elsewhere && doesWorkElsewhere) {
            ((Pause.Elsewhere) output.pause()).work().run();
            output = session.resume(rest);
        }
        next = output.next();
        pause = output.pause();
        String text = output.replies();
        return text.endsWith("\r\n") ? text.substring(0, text.length() - 2) : text;
    }

    SessionBench encrypted() {
        take(session.encrypted(TLS));
        return this;
    }

    SessionBench greeted() {
        say("EHLO client.example.net");
        return this;
    }

    SessionBench loggedIn() {
        encrypted().greeted();
        say("AUTH PLAIN " + plain("alice@example.org", "wonderland"));
        return this;
    }

    /** Up to the reply 354 to DATA. */
    SessionBench inData() {
        say("MAIL FROM:<carol@example.net>");
        say("RCPT TO:<bob@example.org>");
        say("DATA");
        return this;
    }

    static String plain(String name, String password) {
        return base64("\0" + name + "\0" + password);
    }

    static String base64(String text) {
        return java.util.Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    static final class Directory implements Recipients {
        boolean mayBlock;

        @Override
        public boolean mayBlock() {
            return mayBlock;
        }

        @Override
        public boolean isUsable(MailPath path) {
            return true;
        }

        @Override
        public Standing standingOf(MailPath path) {
            if (path.localPart().equals("bug")) {
                throw new IllegalStateException("a bug");
            }
            if (!path.domain().equalsIgnoreCase("example.org")) {
                return Standing.FOREIGN;
            }
            return List.of("alice", "bob", "list").contains(path.localPart()) ? Standing.KNOWN : Standing.UNKNOWN;
        }
    }
}
