package org.relais.chain.james;

import javax.mail.MessagingException;
import org.apache.james.mailrepository.api.MailRepositoryStore;
import org.apache.james.mailrepository.api.MailRepositoryStore.MailRepositoryStoreException;
import org.apache.james.mailrepository.api.MailRepositoryUrl;
import org.apache.mailet.Mail;
import org.relais.model.event.EventField;
import org.relais.model.event.MailEventKind;
import org.relais.model.event.MailEvents;

/** Keeps mails that no processor ended where an administrator can look at them and send them on. */
final class MailKeeper {
    private final MailRepositoryStore repositories;
    private final MailRepositoryUrl lastResort;
    private final MailEvents events;

    MailKeeper(MailRepositoryStore repositories, MailRepositoryUrl lastResort, MailEvents events) {
        this.repositories = repositories;
        this.lastResort = lastResort;
        this.events = events;
    }

    /** Returns only when the mail is stored. */
    void keep(Mail mail, String reason) throws MessagingException {
        try {
            Deferral.takeFrom(mail);
            mail.setErrorMessage(reason);
            repositories.select(lastResort).store(mail);
        } catch (MailRepositoryStoreException e) {
            throw new MessagingException("cannot open the repository " + lastResort.asString(), e);
        }
        events.record(JamesMailEvents.about(mail, MailEventKind.QUARANTINED)
                .with(EventField.REPOSITORY, lastResort.asString())
                .with(EventField.REASON, reason)
                .build());
    }
}
