package org.relais.access.smtp.james.hooks;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.apache.james.core.MailAddress;
import org.apache.james.core.Username;
import org.apache.james.protocols.api.handler.ConnectHandler;
import org.apache.james.protocols.smtp.SMTPSession;
import org.apache.james.protocols.smtp.hook.AuthHook;
import org.apache.james.protocols.smtp.hook.HeloHook;
import org.apache.james.protocols.smtp.hook.HookResult;
import org.apache.james.protocols.smtp.hook.HookReturnCode.Action;
import org.apache.james.protocols.smtp.hook.MailParametersHook;
import org.jspecify.annotations.Nullable;
import org.relais.access.smtp.HookPoint;
import org.relais.access.smtp.HookVerdict;
import org.relais.access.smtp.HookView;
import org.relais.access.smtp.MailPath;
import org.relais.access.smtp.ReceivedMail;
import org.relais.access.smtp.SessionHooks;
import org.relais.spool.MessageContent;

/**
 * Asks James's hooks for one session. The first that does not decline decides. OK means that the rest are not asked and
 * the session goes on: unlike in James, where the relay check itself is a hook that an earlier OK skips, it never takes
 * what the session would refuse.
 */
final class JamesSessionHooks implements SessionHooks {
    private static final Pattern FEATURE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9-]*( [!-~]+)*");

    private final HookLists lists;
    private final ContentHooks content;
    private final HookSession session;

    JamesSessionHooks(HookLists lists, ContentHooks content, HookSession session) {
        this.lists = lists;
        this.content = content;
        this.session = session;
    }

    @Override
    public boolean concern(HookPoint point) {
        return lists.points().contains(point);
    }

    @Override
    public Set<String> mailParameters() {
        return lists.mailParameters();
    }

    @Override
    public Set<String> rcptParameters() {
        return lists.rcptParameters();
    }

    @Override
    public HookVerdict connect(HookView view) {
        return guarded(view, () -> {
            for (ConnectHandler<SMTPSession> handler : lists.connect()) {
                HookVerdict verdict =
                        HookCall.of(handler, session.facts(), () -> HookReplies.verdict(handler.onConnect(session)));
                if (verdict.reply() != null) {
                    return verdict;
                }
            }
            return HookVerdict.PASSED;
        });
    }

    @Override
    public Greeting hello(HookView view, String name) {
        List<String> features = new ArrayList<>();
        HookVerdict verdict = guarded(view, () -> {
            session.greeted(name, true);
            HookVerdict said = ask(lists.helo(), hook -> hook.doHelo(session, name));
            for (HeloHook hook : lists.helo()) {
                HookCall.of(hook, session.facts(), () -> features.addAll(hook.implementedEsmtpFeatures(session)));
            }
            return said;
        });
        features.removeIf(feature -> !FEATURE.matcher(feature).matches());
        return new Greeting(verdict, features);
    }

    @Override
    public HookVerdict mail(HookView view, MailPath reversePath, Map<String, String> parameters) {
        return guarded(view, () -> {
            for (MailParametersHook hook : lists.parameters()) {
                HookVerdict verdict = parameters(hook, parameters);
                if (verdict.reply() != null) {
                    return verdict;
                }
            }
            return ask(lists.mail(), hook -> hook.doMail(session, session.sender()));
        });
    }

    private HookVerdict parameters(MailParametersHook hook, Map<String, String> parameters) {
        for (String name : hook.getMailParamNames()) {
            for (Map.Entry<String, String> given : parameters.entrySet()) {
                if (given.getKey().equalsIgnoreCase(name)) {
                    HookVerdict verdict =
                            ask(List.of(hook), one -> one.doMailParameter(session, name, given.getValue()));
                    if (verdict.reply() != null) {
                        return verdict;
                    }
                }
            }
        }
        return HookVerdict.PASSED;
    }

    @Override
    public HookVerdict rcpt(HookView view, MailPath forwardPath, Map<String, String> parameters) {
        return guarded(view, () -> {
            MailAddress address = Addresses.of(forwardPath);
            return ask(lists.rcpt(), hook -> hook.doRcpt(session, session.sender(), address, parameters));
        });
    }

    @Override
    public Login authenticate(HookView view, String name, String password) {
        String[] user = new String[1];
        HookVerdict verdict = guarded(view, () -> {
            Username username;
            try {
                username = Username.of(name);
            } catch (IllegalArgumentException e) {
                // Nobody can have such a name; the directory says so to the client.
                return HookVerdict.PASSED;
            }
            for (AuthHook hook : lists.auth()) {
                HookResult result =
                        HookCall.result(hook, session.facts(), () -> hook.doAuth(session, username, password));
                if (result.getResult().getAction() == Action.OK) {
                    Username found = session.getUsername();
                    user[0] = (found == null ? username : found).asString();
                }
                if (HookReplies.decides(result)) {
                    return HookReplies.login(result);
                }
            }
            return HookVerdict.PASSED;
        });
        return new Login(verdict, verdict.reply() == null ? user[0] : null);
    }

    @Override
    public void quit(HookView view) {
        guarded(view, () -> ask(lists.quit(), hook -> hook.doQuit(session)));
    }

    @Override
    public HookVerdict unknown(HookView view, String line) {
        return guarded(view, () -> ask(lists.unknown(), hook -> hook.doUnknown(session, line)));
    }

    @Override
    public Judgement content(HookView view, ReceivedMail mail, MessageContent bytes) {
        Judgement[] judgement = {new Judgement(HookVerdict.FAILED, null)};
        guarded(view, () -> {
            judgement[0] = content.judge(session, mail, bytes);
            return HookVerdict.PASSED;
        });
        return judgement[0];
    }

    private <T> HookVerdict ask(List<T> hooks, Function<T, @Nullable HookResult> question) {
        return HookCall.first(hooks, session.facts(), question);
    }

    /** The outermost boundary of plug-ins: one that fails costs the client a retry, and no mail. */
    private HookVerdict guarded(HookView view, Supplier<HookVerdict> questions) {
        try {
            session.update(view);
            return questions.get();
        } catch (HookCall.HookFailedException e) {
            return HookVerdict.FAILED;
        } catch (RuntimeException e) {
            HookCall.log("hooks", view.session(), e);
            return HookVerdict.FAILED;
        }
    }
}
