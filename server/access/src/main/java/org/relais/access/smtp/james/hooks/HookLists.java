package org.relais.access.smtp.james.hooks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.james.protocols.api.handler.ConnectHandler;
import org.apache.james.protocols.api.handler.ProtocolHandler;
import org.apache.james.protocols.smtp.SMTPSession;
import org.apache.james.protocols.smtp.hook.AuthHook;
import org.apache.james.protocols.smtp.hook.HeloHook;
import org.apache.james.protocols.smtp.hook.MailHook;
import org.apache.james.protocols.smtp.hook.MailParametersHook;
import org.apache.james.protocols.smtp.hook.MessageHook;
import org.apache.james.protocols.smtp.hook.QuitHook;
import org.apache.james.protocols.smtp.hook.RcptHook;
import org.apache.james.protocols.smtp.hook.UnknownHook;
import org.apache.james.smtpserver.JamesMessageHook;
import org.relais.access.smtp.HookPoint;

/** The hooks by what they are asked about, each list in the order of the configuration. */
record HookLists(
        List<ConnectHandler<SMTPSession>> connect,
        List<HeloHook> helo,
        List<MailParametersHook> parameters,
        List<MailHook> mail,
        List<RcptHook> rcpt,
        List<AuthHook> auth,
        List<QuitHook> quit,
        List<UnknownHook> unknown,
        List<MessageHook> message,
        List<JamesMessageHook> jamesMessage,
        Set<String> mailParameters,
        Set<String> rcptParameters,
        Set<HookPoint> points) {

    @SuppressWarnings("unchecked") // a connect handler of another protocol fails when it is called, and is told so
    static HookLists of(List<? extends ProtocolHandler> plugIns) {
        List<ConnectHandler<SMTPSession>> connect = new ArrayList<>();
        only(plugIns, ConnectHandler.class).forEach(connect::add);
        List<HeloHook> helo = only(plugIns, HeloHook.class);
        List<MailParametersHook> parameters = only(plugIns, MailParametersHook.class);
        List<MailHook> mail = only(plugIns, MailHook.class);
        List<RcptHook> rcpt = only(plugIns, RcptHook.class);
        List<AuthHook> auth = only(plugIns, AuthHook.class);
        List<QuitHook> quit = only(plugIns, QuitHook.class);
        List<UnknownHook> unknown = only(plugIns, UnknownHook.class);
        List<MessageHook> message = only(plugIns, MessageHook.class);
        List<JamesMessageHook> jamesMessage = only(plugIns, JamesMessageHook.class);
        Set<HookPoint> points = EnumSet.noneOf(HookPoint.class);
        add(points, HookPoint.CONNECT, connect);
        add(points, HookPoint.HELO, helo);
        add(points, HookPoint.MAIL, parameters);
        add(points, HookPoint.MAIL, mail);
        add(points, HookPoint.RCPT, rcpt);
        add(points, HookPoint.AUTH, auth);
        add(points, HookPoint.QUIT, quit);
        add(points, HookPoint.UNKNOWN, unknown);
        add(points, HookPoint.CONTENT, message);
        add(points, HookPoint.CONTENT, jamesMessage);
        return new HookLists(
                List.copyOf(connect),
                helo,
                parameters,
                mail,
                rcpt,
                auth,
                quit,
                unknown,
                message,
                jamesMessage,
                capitals(parameters.stream().flatMap(hook -> Arrays.stream(hook.getMailParamNames()))),
                capitals(rcpt.stream().flatMap(hook -> hook.supportedParameters().stream())),
                Collections.unmodifiableSet(points));
    }

    private static <T> List<T> only(List<? extends ProtocolHandler> plugIns, Class<T> kind) {
        return plugIns.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    private static void add(Set<HookPoint> points, HookPoint point, List<?> hooks) {
        if (!hooks.isEmpty()) {
            points.add(point);
        }
    }

    private static Set<String> capitals(Stream<String> names) {
        return names.map(name -> name.toUpperCase(Locale.ROOT)).collect(Collectors.toUnmodifiableSet());
    }
}
