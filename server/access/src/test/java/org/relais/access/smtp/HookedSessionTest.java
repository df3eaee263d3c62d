package org.relais.access.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.relais.spool.MessageContent;
import org.relais.spool.PendingMessage;
import org.relais.spool.mail.MailState;

/** What a session does with what its hooks say, and without any. */
class HookedSessionTest {
    private static final String MAIL = "Subject: x\r\n\r\ntext\r\n.\r\n";

    /** Has a say at one point only; asked anywhere else it fails the test. */
    private static SessionHooks only(@Nullable HookPoint point, Supplier<Object> answer) {
        return (SessionHooks) Proxy.newProxyInstance(
                SessionHooks.class.getClassLoader(),
                new Class<?>[] {SessionHooks.class},
                (proxy, method, arguments) -> {
                    switch (method.getName()) {
                        case "concern":
                            return arguments[0] == point;
                        case "mailParameters":
                        case "rcptParameters":
                            return Set.of();
                        case "content":
                        case "mail":
                            return answer.get();
                        default:
                            throw new AssertionError("asked at " + method.getName());
                    }
                });
    }

    private static Supplier<Object> nothing() {
        return () -> {
            throw new AssertionError("asked");
        };
    }

    @Test
    void hopsToNoOtherThreadWhereNobodyHasASay() {
        var bench = SessionBench.with(Role.SMTP, only(null, nothing()));
        bench.doesWorkElsewhere = false;
        bench.take(bench.session.greet());

        assertThat(bench.greeted().inData().send(MAIL)).startsWith("250 2.0.0");
        assertThat(bench.say("XYZZY")).startsWith("500");
        assertThat(bench.say("QUIT")).startsWith("221");
        assertThat(bench.pause).isNull();
    }

    @Test
    void sharesOneObjectAmongAllSessionsWithoutHooks() {
        var options = new SmtpOptions(Role.SMTP, "mx", false, List.of(), "p@mx", false, 1, 1, 1);
        var bench = SessionBench.of(Role.SMTP);

        assertThat(bench.next).isEqualTo(SmtpSession.Next.CONTINUE);
        var facts = new SessionFacts(Role.SMTP, "s", new InetSocketAddress(1), "", false, null, null, false);
        assertThat(Hooks.NONE.open(options, facts, new InetSocketAddress(1))).isSameAs(SessionHooks.NONE);
    }

    @Test
    void commandsBehindAHookedOneWaitTheirTurn() {
        var bench = SessionBench.with(Role.SMTP, only(HookPoint.MAIL, () -> HookVerdict.PASSED))
                .greeted();

        assertThat(bench.send("MAIL FROM:<a@b.example>\r\nRCPT TO:<bob@example.org>\r\nNOOP\r\n"))
                .isEqualTo("250 2.1.0 Ok\r\n250 2.1.5 Ok\r\n250 2.0.0 Ok");
    }

    @Test
    void anErrorBeyondTheHooksOwnBoundaryIsAnsweredToTryAgain() {
        var bench = SessionBench.with(Role.LMTP, only(HookPoint.CONTENT, () -> {
            throw new IllegalStateException("a bug");
        }));
        bench.say("LHLO c");
        bench.say("MAIL FROM:<a@b.example>");
        bench.say("RCPT TO:<bob@example.org>");
        bench.say("RCPT TO:<alice@example.org>");
        bench.say("DATA");

        assertThat(bench.send(MAIL).split("\r\n"))
                .hasSize(2)
                .allSatisfy(line -> assertThat(line).startsWith("451 4.3.0"));
        assertThat(bench.intake.open).isZero();
        assertThat(bench.say("MAIL FROM:<a@b.example>")).startsWith("250");
    }

    @Test
    void aRefusalOfTheContentEndsTheTransactionAndFreesIt() {
        var refusal = new HookVerdict(Reply.of(550, "5.6.0", "No"), true);
        var bench = SessionBench.with(
                        Role.SMTP, only(HookPoint.CONTENT, () -> new SessionHooks.Judgement(refusal, null)))
                .greeted()
                .inData();

        assertThat(bench.send(MAIL)).isEqualTo("550 5.6.0 No");
        assertThat(bench.next).isEqualTo(SmtpSession.Next.CLOSE);
        assertThat(bench.intake.mails).isEmpty();
        assertThat(bench.intake.open).isZero();
    }

    @Test
    void aClientThatGoesWhileItsMailIsJudgedLeavesNothing() {
        var rewritten = new Rewritten();
        var bench = judging(rewritten);

        bench.session.disconnected();
        ((Pause.Elsewhere) Objects.requireNonNull(bench.pause)).work().run();
        assertThat(bench.resume()).isEmpty();

        assertThat(rewritten.closed).isTrue();
        assertThat(bench.intake.mails).isEmpty();
        assertThat(bench.intake.open).isZero();
    }

    @Test
    void aMailThatIsJudgedForTooLongIsNotTaken() {
        var rewritten = new Rewritten();
        var bench = judging(rewritten);

        assertThat(bench.session.overdue().replies()).startsWith("421 4.3.2");
        ((Pause.Elsewhere) Objects.requireNonNull(bench.pause)).work().run();
        bench.resume();

        assertThat(rewritten.closed).isTrue();
        assertThat(bench.intake.mails).isEmpty();
        assertThat(bench.intake.open).isZero();
    }

    private static SessionBench judging(Rewritten rewritten) {
        var state = MailState.received("n", "192.0.2.7", Instant.EPOCH, Map.of());
        var judgement = new SessionHooks.Judgement(HookVerdict.PASSED, new MailRevision(state, 5, rewritten));
        var bench = SessionBench.with(Role.SMTP, only(HookPoint.CONTENT, () -> judgement))
                .greeted()
                .inData();
        bench.doesWorkElsewhere = false;
        assertThat(bench.send(MAIL)).isEmpty();
        return bench;
    }

    private static final class Rewritten implements PendingMessage {
        private final AtomicBoolean closed = new AtomicBoolean();

        @Override
        public long size() {
            return 0;
        }

        @Override
        public MessageContent content() {
            throw new AssertionError("nobody reads it");
        }

        @Override
        public void close() {
            closed.set(true);
        }
    }
}
