package org.relais.spool.james;

import org.apache.james.queue.api.MailPrioritySupport;
import org.apache.mailet.Attribute;
import org.apache.mailet.Mail;
import org.relais.spool.EnvelopeDetails;

/** James's priority of a mail, which is an attribute, in terms of the spool: both count from 0 (last) to 9 (first). */
final class MailPriority {
    private MailPriority() {}

    static int of(Mail mail) {
        return mail.getAttribute(MailPrioritySupport.MAIL_PRIORITY)
                .map(Attribute::getValue)
                .flatMap(value -> value.valueAs(Integer.class))
                .map(priority -> Math.max(0, Math.min(EnvelopeDetails.HIGHEST_PRIORITY, priority)))
                .orElse(EnvelopeDetails.USUAL_PRIORITY);
    }
}
