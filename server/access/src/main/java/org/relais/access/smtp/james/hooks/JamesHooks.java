package org.relais.access.smtp.james.hooks;

import java.net.InetSocketAddress;
import java.util.List;
import org.apache.james.protocols.api.handler.ConnectHandler;
import org.apache.james.protocols.api.handler.LineHandler;
import org.apache.james.protocols.api.handler.ProtocolHandler;
import org.apache.james.protocols.smtp.hook.AuthHook;
import org.apache.james.protocols.smtp.hook.HeloHook;
import org.apache.james.protocols.smtp.hook.MailHook;
import org.apache.james.protocols.smtp.hook.MailParametersHook;
import org.apache.james.protocols.smtp.hook.MessageHook;
import org.apache.james.protocols.smtp.hook.QuitHook;
import org.apache.james.protocols.smtp.hook.RcptHook;
import org.apache.james.protocols.smtp.hook.UnknownHook;
import org.apache.james.smtpserver.JamesMessageHook;
import org.relais.access.smtp.Hooks;
import org.relais.access.smtp.SessionFacts;
import org.relais.access.smtp.SessionHooks;
import org.relais.access.smtp.SmtpOptions;
import org.relais.spool.Spool;
import org.relais.spool.james.SpoolMails;

/**
 * James's hooks of one listener, in the order of its configuration. One instance of each serves all sessions, from many
 * threads at once, as James does it.
 */
public final class JamesHooks implements Hooks {
    /** What a plug-in may be; {@link ConnectHandler} besides the hooks. */
    private static final List<Class<?>> KINDS = List.of(
            ConnectHandler.class,
            HeloHook.class,
            MailHook.class,
            MailParametersHook.class,
            RcptHook.class,
            AuthHook.class,
            QuitHook.class,
            UnknownHook.class,
            MessageHook.class,
            JamesMessageHook.class);

    private final HookLists lists;
    private final ContentHooks content;

    /**
     * @param spool takes the bytes of messages that a hook changed
     * @throws IllegalArgumentException naming a plug-in that is no hook
     */
    public JamesHooks(List<? extends ProtocolHandler> plugIns, Spool spool, SpoolMails mails) {
        for (ProtocolHandler plugIn : plugIns) {
            if (!isHook(plugIn.getClass())) {
                throw new IllegalArgumentException(plugIn.getClass().getName() + " is not a hook");
            }
        }
        this.lists = HookLists.of(plugIns);
        this.content = new ContentHooks(lists, spool, mails);
    }

    /** Whether plug-ins of that class are asked at all. A line handler is not, whatever else it is. */
    public static boolean isHook(Class<?> type) {
        return !LineHandler.class.isAssignableFrom(type)
                && KINDS.stream().anyMatch(kind -> kind.isAssignableFrom(type));
    }

    @Override
    public SessionHooks open(SmtpOptions options, SessionFacts session, InetSocketAddress local) {
        return new JamesSessionHooks(lists, content, new HookSession(options, session, local));
    }
}
