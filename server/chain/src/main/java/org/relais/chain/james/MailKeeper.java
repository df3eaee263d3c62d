package org.relais.chain.james;

import javax.mail.MessagingException;
import org.apache.james.mailrepository.api.MailRepositoryStore;
import org.apache.james.mailrepository.api.MailRepositoryStore.MailRepositoryStoreException;
import org.apache.james.mailrepository.api.MailRepositoryUrl;
import org.apache.mailet.Mail;
import org.relais.chain.step.KnownMailets;
import org.relais.model.event.EventField;
import org.relais.model.event.MailEventKind;
import org.relais.model.event.MailEvents;

/** Keeps mails that no processor ended where an administrator can look at them and send them on. */
final class MailKeeper {
    private final Spools spools;
    private final MailRepositoryStore repositories;
    private final MailRepositoryUrl lastResort;
    private final MailEvents events;

    MailKeeper(Spools spools, MailRepositoryStore repositories, MailRepositoryUrl lastResort, MailEvents events) {
        this.spools = spools;
        this.repositories = repositories;
        this.lastResort = lastResort;
        this.events = events;
    }

    /** Returns only when the mail is stored and its envelopes have left the spool. */
    void keep(Branch branch, String reason) throws MessagingException {
        Mail mail = branch.mail();
        try {
            mail.setErrorMessage(reason);
            repositories.select(lastResort).store(mail);
        } catch (MailRepositoryStoreException e) {
            throw new MessagingException("cannot open the repository " + lastResort.asString(), e);
        }
        new StepCommit(spools, branch)
                .leave(branch.claims().all(), KnownMailets.dispositionOfKept(branch.ending()))
                .end();
        events.record(JamesMailEvents.about(mail, MailEventKind.QUARANTINED)
                .with(EventField.REPOSITORY, lastResort.asString())
                .with(EventField.REASON, reason)
                .build());
    }
}
