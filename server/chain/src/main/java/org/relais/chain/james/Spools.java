package org.relais.chain.james;

import java.time.Instant;
import javax.mail.MessagingException;
import org.apache.mailet.Mail;
import org.relais.chain.claim.Commits;
import org.relais.spool.MessageContent;
import org.relais.spool.MessageId;
import org.relais.spool.PendingMessage;
import org.relais.spool.Spool;
import org.relais.spool.SpoolException;
import org.relais.spool.james.SpoolMails;
import org.relais.spool.james.StepOutputs;

/** The spool as the chain uses it. */
record Spools(Spool spool, SpoolMails mails, Commits commits, StepOutputs outputs) {

    Instant now() {
        return spool.now();
    }

    MessageContent content(MessageId id) throws MessagingException {
        try {
            return spool.content(id);
        } catch (SpoolException e) {
            throw new MessagingException("the spool does not give the message " + id, e);
        }
    }

    /** Not committed yet: whoever asked for it sees to its end. */
    PendingMessage write(Mail mail) throws MessagingException {
        try {
            return mails.write(spool, mail.getMessage());
        } catch (SpoolException e) {
            throw new MessagingException("the spool does not take the changed message: " + e.getMessage(), e);
        }
    }
}
