package org.relais.chain.james;

import java.util.Collection;
import java.util.List;
import javax.mail.MessagingException;
import javax.mail.internet.MimeMessage;
import org.apache.james.core.MailAddress;
import org.apache.james.lifecycle.api.LifecycleUtil;
import org.apache.james.server.core.MailImpl;
import org.apache.mailet.Attribute;
import org.apache.mailet.Mail;
import org.relais.chain.identity.MailName;
import org.relais.model.QueueIdGenerator;

/**
 * Makes mails from mails: the same envelope, attributes and bytes.
 *
 * <p>James's own {@code MailImpl.duplicate} copies the whole content, forgets the state, refuses the ninth generation and
 * drops every attribute when one cannot be duplicated.
 */
public final class MailCopies {
    private final QueueIdGenerator ids;

    public MailCopies(QueueIdGenerator ids) {
        this.ids = ids;
    }

    /** A mail to work on, under the same name; {@code mail} stays as it is and is disposed of later than the result. */
    static MailImpl workingCopy(Mail mail) throws MessagingException {
        return copy(mail, mail.getName(), mail.getRecipients());
    }

    /** The part of {@code mail} that goes to {@code recipients}, under a name of its own. */
    public MailImpl part(Mail mail, Collection<MailAddress> recipients) throws MessagingException {
        return copy(mail, MailName.ofPart(mail.getName(), ids), recipients);
    }

    private static MailImpl copy(Mail mail, String name, Collection<MailAddress> recipients) throws MessagingException {
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
        MimeMessage message = mail.getMessage();
        if (message != null) {
            copy.setMessageNoCopy(ExactMessage.over(message));
        }
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
    public static void dispose(Mail mail) {
        LifecycleUtil.dispose(mail);
    }
}
