package org.relais.access.smtp;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.relais.spool.MessageContent;

/** Nobody has a say anywhere. */
final class NoHooks implements SessionHooks {
    @Override
    public boolean concern(HookPoint point) {
        return false;
    }

    @Override
    public Set<String> mailParameters() {
        return Set.of();
    }

    @Override
    public Set<String> rcptParameters() {
        return Set.of();
    }

    @Override
    public HookVerdict connect(HookView session) {
        return HookVerdict.PASSED;
    }

    @Override
    public Greeting hello(HookView session, String name) {
        return new Greeting(HookVerdict.PASSED, List.of());
    }

    @Override
    public HookVerdict mail(HookView session, MailPath reversePath, Map<String, String> parameters) {
        return HookVerdict.PASSED;
    }

    @Override
    public HookVerdict rcpt(HookView session, MailPath forwardPath, Map<String, String> parameters) {
        return HookVerdict.PASSED;
    }

    @Override
    public Login authenticate(HookView session, String name, String password) {
        return new Login(HookVerdict.PASSED, null);
    }

    @Override
    public void quit(HookView session) {}

    @Override
    public HookVerdict unknown(HookView session, String line) {
        return HookVerdict.PASSED;
    }

    @Override
    public Judgement content(HookView session, ReceivedMail mail, MessageContent content) {
        return new Judgement(HookVerdict.PASSED, null);
    }
}
