package org.relais.matchers;

import java.util.Collection;
import java.util.List;
import org.apache.james.core.MailAddress;
import org.apache.mailet.AttributeName;
import org.apache.mailet.AttributeUtils;
import org.apache.mailet.Mail;
import org.apache.mailet.base.GenericMatcher;
import org.relais.extension.Documentation;

/**
 * The second lock against an open relay: matches mails whose session may relay, or that were made here.
 *
 * <p>The SMTP server marks each mail it accepts; the chain marks what a mailet sent (bounces, forwards of an alias). A
 * mail with neither mark does not match, whatever its recipients. Without state; for any thread.
 */
@Documentation("Matches mail of authenticated users and listed networks, and mail made by this server.")
public final class RelayPermitted extends GenericMatcher {
    private static final AttributeName MAY_RELAY = AttributeName.of("relais.mayRelay");

    @Override
    public Collection<MailAddress> match(Mail mail) {
        return isMarked(mail, MAY_RELAY) || isMarked(mail, Mail.SENT_BY_MAILET_ATTRIBUTE.getName())
                ? mail.getRecipients()
                : List.of();
    }

    private static boolean isMarked(Mail mail, AttributeName name) {
        return AttributeUtils.getValueAndCastFromMail(mail, name, Boolean.class).orElse(false);
    }
}
