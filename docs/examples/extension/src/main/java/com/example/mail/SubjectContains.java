package com.example.mail;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import javax.mail.MessagingException;
import org.apache.james.core.MailAddress;
import org.apache.mailet.Mail;
import org.apache.mailet.base.GenericMatcher;
import org.relais.extension.Condition;
import org.relais.extension.Documentation;

/**
 * Matches a mail whose subject has a text in it, in upper or lower case: {@code match="SubjectContains=invoice"}.
 *
 * <p>A matcher answers with the recipients it matches: all, none, or, where it looks at addresses, some of them.
 */
@Documentation("Matches when the subject has the text in it, in upper or lower case.")
@Condition(required = true, documentation = "The text to look for.")
public final class SubjectContains extends GenericMatcher {
    private String text = "";

    @Override
    public void init() throws MessagingException {
        String condition = getCondition();
        if (condition == null || condition.isBlank()) {
            throw new MessagingException("write match=\"SubjectContains=text\"");
        }
        text = condition.toLowerCase(Locale.ROOT);
    }

    @Override
    public Collection<MailAddress> match(Mail mail) throws MessagingException {
        String subject = mail.getMessage().getSubject();
        return subject != null && subject.toLowerCase(Locale.ROOT).contains(text) ? mail.getRecipients() : List.of();
    }
}
