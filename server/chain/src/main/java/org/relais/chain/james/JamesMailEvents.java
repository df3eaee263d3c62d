package org.relais.chain.james;

import java.util.Collection;
import java.util.List;
import org.apache.james.core.MailAddress;
import org.apache.mailet.Mail;
import org.relais.chain.identity.MailName;
import org.relais.model.event.MailEvent;
import org.relais.model.event.MailEventKind;

/** Starts an event from a James mail: its queue id and envelope are filled in. */
public final class JamesMailEvents {
    private JamesMailEvents() {}

    /** About all recipients that the mail has now. */
    public static MailEvent.Builder about(Mail mail, MailEventKind kind) {
        return about(mail, kind, mail.getRecipients());
    }

    public static MailEvent.Builder about(Mail mail, MailEventKind kind, Collection<MailAddress> recipients) {
        return MailEvent.of(kind)
                .queueId(MailName.queueId(mail.getName()))
                .reversePath(
                        mail.getMaybeSender().isNullSender()
                                ? ""
                                : mail.getMaybeSender().asString())
                .forwardPaths(paths(recipients));
    }

    private static List<String> paths(Collection<MailAddress> recipients) {
        return recipients.stream().map(MailAddress::asString).toList();
    }
}
