package org.relais.access.smtp;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.relais.spool.MessageContent;

/**
 * The plug-ins of one session.
 *
 * <p>What asks them may block, is called off the event loop, one call at a time, and never throws: a plug-in that fails
 * is {@link HookVerdict#FAILED}. They can refuse what the session would take, and never the other way round, but for
 * {@link #authenticate}. The first three methods are called on the session's thread, for every command, and do not block.
 */
public interface SessionHooks {
    /** No plug-ins. */
    SessionHooks NONE = new NoHooks();

    /** Whether anybody has a say there: if not, the session goes on at once, on its own thread. */
    boolean concern(HookPoint point);

    /** Parameters of MAIL that a plug-in knows, in capitals. */
    Set<String> mailParameters();

    /** Parameters of RCPT that a plug-in knows, in capitals. */
    Set<String> rcptParameters();

    HookVerdict connect(HookView session);

    /** @param features lines that EHLO announces besides ours */
    record Greeting(HookVerdict verdict, List<String> features) {
        public Greeting {
            features = List.copyOf(features);
        }
    }

    Greeting hello(HookView session, String name);

    HookVerdict mail(HookView session, MailPath reversePath, Map<String, String> parameters);

    HookVerdict rcpt(HookView session, MailPath forwardPath, Map<String, String> parameters);

    /** @param user not null if a plug-in knows the user; without user and refusal the directory decides */
    record Login(HookVerdict verdict, @Nullable String user) {
        Optional<String> userIfAny() {
            return Optional.ofNullable(user);
        }
    }

    Login authenticate(HookView session, String name, String password);

    /** The session ends, whatever they say. */
    void quit(HookView session);

    HookVerdict unknown(HookView session, String line);

    /** @param revision null if the mail is refused, or is taken as it came */
    record Judgement(HookVerdict verdict, @Nullable MailRevision revision) {
        static final Judgement FAILED = new Judgement(HookVerdict.FAILED, null);

        void discard() {
            if (revision != null) {
                revision.discard();
            }
        }
    }

    /** @param content all of it, readable until this returns */
    Judgement content(HookView session, ReceivedMail mail, MessageContent content);
}
