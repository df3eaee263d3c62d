package org.relais.distribution.chain;

import java.util.concurrent.TimeUnit;
import javax.inject.Inject;
import javax.mail.MessagingException;
import org.apache.james.dnsservice.api.DNSService;
import org.apache.james.domainlist.api.DomainList;
import org.apache.james.mailetcontainer.api.LocalResources;
import org.apache.james.mailetcontainer.impl.JamesMailetContext;
import org.apache.james.queue.api.MailQueueFactory;
import org.apache.mailet.Mail;

/**
 * James's mailet context, in which a mail that cannot be sent is an unchecked exception: some of James's mailets catch the
 * checked one, log a warning and let the mail go (RecipientRewriteTable, for forwards). Ours reaches the chain, which
 * defers. Safe for use by many threads.
 */
public final class LoudMailetContext extends JamesMailetContext {
    @Inject
    public LoudMailetContext(
            DNSService dns, DomainList domains, LocalResources localResources, MailQueueFactory<?> queues) {
        super(dns, domains, localResources, queues);
    }

    @Override
    public void sendMail(Mail mail, String state) {
        try {
            super.sendMail(mail, state);
        } catch (MessagingException e) {
            throw notSent(mail, e);
        }
    }

    @Override
    public void sendMail(Mail mail, String state, long delay, TimeUnit unit) {
        try {
            super.sendMail(mail, state, delay, unit);
        } catch (MessagingException e) {
            throw notSent(mail, e);
        }
    }

    private static IllegalStateException notSent(Mail mail, MessagingException cause) {
        return new IllegalStateException("the spool did not take " + mail.getName() + ", made by a mailet", cause);
    }
}
