package org.relais.access.smtp;

import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Puts commands before the session's plug-ins, off the event loop. Used by one thread at a time. */
final class HookedCommands {
    private final SessionHooks hooks;
    private final SessionState session;
    private long transaction;

    HookedCommands(SessionHooks hooks, SessionState session) {
        this.hooks = hooks;
        this.session = session;
    }

    boolean concern(HookPoint point) {
        return hooks.concern(point);
    }

    SessionHooks hooks() {
        return hooks;
    }

    /** A mail transaction is over, or there is none to come to an end. */
    void transactionOver() {
        transaction++;
    }

    HookView view() {
        return new HookView(session.facts(), transaction, null, List.of());
    }

    HookView view(MailPath reversePath, @Nullable Envelope envelope) {
        return new HookView(
                session.facts(), transaction, reversePath, envelope == null ? List.of() : envelope.forwardPaths());
    }

    /**
     * @param question run elsewhere, knows only what was taken from the session before
     * @param passed what the session does when nobody is against it
     * @param refused told what will be replied otherwise
     */
    Answer ask(Supplier<HookVerdict> question, Answer.Conclusion passed, UnaryOperator<Reply> refused) {
        return new Answer.Elsewhere(
                () -> {
                    HookVerdict verdict = question.get();
                    return () -> conclude(verdict, passed, refused);
                },
                () -> conclude(HookVerdict.FAILED, passed, refused));
    }

    Answer ask(Supplier<HookVerdict> question, Answer.Conclusion passed) {
        return ask(question, passed, reply -> reply);
    }

    Answer conclude(HookVerdict verdict, Answer.Conclusion passed, UnaryOperator<Reply> refused) {
        if (verdict.endsSession()) {
            session.end();
        }
        Reply reply = verdict.reply();
        return reply == null ? passed.conclude() : refused.apply(reply);
    }
}
