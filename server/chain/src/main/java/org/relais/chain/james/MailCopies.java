package org.relais.chain.james;

import java.util.Collection;
import java.util.List;
import javax.mail.MessagingException;
import org.apache.james.core.MailAddress;
import org.apache.james.lifecycle.api.LifecycleUtil;
import org.apache.james.server.core.MailImpl;
import org.apache.mailet.Attribute;
import org.apache.mailet.Mail;
import org.relais.spool.james.SpoolMessage;

/**
 * Makes mails from mails: the same envelope, attributes and bytes.
 *
 * <p>James's own {@code MailImpl.duplicate} copies the whole content, forgets the state, refuses the ninth generation and
 * drops every attribute when one cannot be duplicated.
 */
final class MailCopies {
    private MailCopies() {}

    /** The part of {@code mail} that goes to {@code recipients}, as {@code name}. */
    static MailImpl part(Mail mail, Collection<MailAddress> recipients, String name) throws MessagingException {
        MailImpl copy = MailImpl.builder()
                .name(name)
                .sender(mail.getMaybeSender())
                .addRecipients(recipients)
                .state(mail.getState())
                .remoteHost(mail.getRemoteHost())
                .remoteAddr(mail.getRemoteAddr())
                .lastUpdated(mail.getLastUpdated())
                .errorMessage(mail.getErrorMessage())
                .addAttributes(attributes(mail))
                .addAllHeadersForRecipients(mail.getPerRecipientSpecificHeaders())
                .build();
        copy.setMessageNoCopy(SpoolMessage.over(mail.getMessage()));
        return copy;
    }

    private static List<Attribute> attributes(Mail mail) {
        return mail.attributes().map(MailCopies::duplicate).toList();
    }

    private static Attribute duplicate(Attribute attribute) {
        try {
            return attribute.duplicate();
        } catch (IllegalStateException e) {
            // It cannot be serialised: sharing the value is better than losing it.
            return attribute;
        }
    }

    /** Lets go of the content; the mail cannot be used any more. */
    static void dispose(Mail mail) {
        LifecycleUtil.dispose(mail);
    }
}
