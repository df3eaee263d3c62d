package org.relais.mailets.delivery;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.mail.MessagingException;
import org.apache.james.core.MailAddress;
import org.apache.mailet.Attribute;
import org.apache.mailet.AttributeName;
import org.apache.mailet.AttributeValue;
import org.apache.mailet.Mail;
import org.apache.mailet.MailetContext;
import org.relais.chain.james.MailCopies;
import org.relais.mailets.relay.Outcome;

/**
 * Hands mails that ended back to a processor of the chain: those that failed to the one that bounces, with the attributes
 * that James's bounce mailets and matchers read.
 */
final class RelayBounces {
    private static final AttributeName ERROR = AttributeName.of("delivery-error");
    private static final AttributeName ERROR_CODE = AttributeName.of("delivery-error-code");
    private static final AttributeName IS_PERMANENT = AttributeName.of("is-delivery-permanent-error");
    private static final Pattern CODE = Pattern.compile("(\\d{3})[ -].*");

    private final MailetContext context;
    private final MailCopies copies;
    private final String bounceProcessor;
    private final Optional<String> onSuccess;

    RelayBounces(MailetContext context, MailCopies copies, String bounceProcessor, Optional<String> onSuccess) {
        this.context = context;
        this.copies = copies;
        this.bounceProcessor = bounceProcessor;
        this.onSuccess = onSuccess;
    }

    /** Returns only when the chain has the mail; the sender's path is not null. */
    void bounce(Mail mail, List<MailAddress> recipients, Outcome outcome) throws MessagingException {
        Mail failed = copies.part(mail, recipients);
        try {
            AttemptsOfMail.remove(failed);
            failed.setAttribute(new Attribute(ERROR, AttributeValue.of(outcome.text())));
            failed.setAttribute(new Attribute(IS_PERMANENT, AttributeValue.of(outcome instanceof Outcome.Failed)));
            Matcher code = CODE.matcher(outcome.text());
            if (code.matches()) {
                failed.setAttribute(new Attribute(ERROR_CODE, AttributeValue.of(Integer.parseInt(code.group(1)))));
            }
            context.sendMail(failed, bounceProcessor);
        } finally {
            MailCopies.dispose(failed);
        }
    }

    /** To the processor {@code onSuccess}, where the chain names one. */
    void succeeded(Mail mail, List<MailAddress> recipients) throws MessagingException {
        if (onSuccess.isEmpty()) {
            return;
        }
        Mail delivered = copies.part(mail, recipients);
        try {
            AttemptsOfMail.remove(delivered);
            context.sendMail(delivered, onSuccess.get());
        } finally {
            MailCopies.dispose(delivered);
        }
    }
}
