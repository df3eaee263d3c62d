package org.relais.mailets.delivery;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.inject.Inject;
import javax.inject.Named;
import javax.mail.MessagingException;
import org.apache.james.core.MailAddress;
import org.apache.james.core.Username;
import org.apache.james.mailbox.MailboxManager;
import org.apache.james.mailbox.exception.MailboxException;
import org.apache.james.mailbox.model.MailboxConstants;
import org.apache.james.user.api.UsersRepository;
import org.apache.james.user.api.UsersRepositoryException;
import org.apache.mailet.Mail;
import org.apache.mailet.StorageDirective;
import org.apache.mailet.base.GenericMailet;
import org.relais.chain.james.GuardedMailEvents;
import org.relais.chain.james.JamesMailEvents;
import org.relais.chain.james.PartlyDoneException;
import org.relais.delivery.dsn.DsnReport;
import org.relais.delivery.dsn.DsnReport.Action;
import org.relais.delivery.dsn.DsnSettings;
import org.relais.extension.Documentation;
import org.relais.extension.Parameter;
import org.relais.extension.ParameterType;
import org.relais.model.EnhancedStatus;
import org.relais.model.event.EventField;
import org.relais.model.event.MailEventKind;
import org.relais.model.event.MailEvents;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts a mail into the mailbox of each of its recipients: the folder that a Sieve script or another mailet chose, or
 * INBOX, which is made when it is missing. The octets are those received, below a {@code Return-Path}.
 *
 * <p>A recipient whose mailbox took the mail is done with; when others fail, the chain tries those again, and only those.
 * Senders who asked for it (NOTIFY=SUCCESS, RFC 3461 §4.1) are told, in the same step.
 * Called by many threads.
 */
@Documentation(value = "Puts the mail into the recipients' mailboxes.", endsProcessing = true)
@Parameter(
        name = "consume",
        type = ParameterType.BOOLEAN,
        defaultValue = "true",
        documentation = "Whether the mail ends here; false: it goes on to the next mailet.")
@Parameter(
        name = "retries",
        type = ParameterType.INTEGER,
        documentation = "Has no effect: what a mailbox does not take is deferred and tried again by the chain.")
public final class MailboxDelivery extends GenericMailet {
    private static final Logger LOGGER = LoggerFactory.getLogger(MailboxDelivery.class);
    private static final EnhancedStatus DELIVERED = new EnhancedStatus(2, 0, 0);

    /** RFC 3463 §3.2: destination address valid. */
    private static final EnhancedStatus IN_THE_MAILBOX = new EnhancedStatus(2, 1, 5);

    private final UsersRepository users;
    private final MailboxAppend mailboxes;
    private final MailEvents events;
    private final Notifier notifier;
    private boolean consume = true;

    @Inject
    public MailboxDelivery(
            UsersRepository users,
            @Named("mailboxmanager") MailboxManager mailboxes,
            MailEvents events,
            DsnSettings notifications,
            Clock clock) {
        this.users = users;
        this.mailboxes = new MailboxAppend(mailboxes);
        this.events = new GuardedMailEvents(events);
        this.notifier = new Notifier(notifications, clock);
    }

    @Override
    public void init() {
        consume = getInitParameter("consume", true);
    }

    @Override
    public void service(Mail mail) throws MessagingException {
        List<MailAddress> all = List.copyOf(mail.getRecipients());
        List<MailAddress> left = new ArrayList<>(all);
        Exception failure = null;
        for (MailAddress recipient : all) {
            try {
                deliver(mail, recipient);
                left.remove(recipient);
            } catch (MessagingException | MailboxException | UsersRepositoryException | RuntimeException e) {
                LOGGER.warn("mail {}: not delivered to {}", mail.getName(), recipient.asString(), e);
                failure = e;
            }
        }
        List<MailAddress> done = new ArrayList<>(all);
        done.removeAll(left);
        tell(mail, done);
        if (failure != null) {
            mail.setRecipients(left);
            throw new PartlyDoneException("the mailboxes of " + left + " did not take the mail", failure);
        }
        if (consume) {
            mail.setState(Mail.GHOST);
        }
    }

    private void tell(Mail mail, List<MailAddress> done) {
        try {
            notifier.tell(
                    getMailetContext(),
                    mail,
                    Action.DELIVERED,
                    done,
                    (address, orcpt) -> new DsnReport.Recipient(
                            address.asString(),
                            orcpt,
                            Action.DELIVERED,
                            IN_THE_MAILBOX,
                            "",
                            "",
                            Optional.empty(),
                            Optional.empty()),
                    "",
                    false);
        } catch (MessagingException | RuntimeException e) {
            // Thrown on, the mail would be delivered again.
            LOGGER.error("mail {}: delivered, but its sender could not be told so", mail.getName(), e);
        }
    }

    private void deliver(Mail mail, MailAddress recipient)
            throws MessagingException, MailboxException, UsersRepositoryException {
        Username user = users.getUsername(recipient);
        StorageDirective directive = StorageDirective.fromMail(user, mail).withDefaultFolder(MailboxConstants.INBOX);
        String folder = directive.getTargetFolder().orElse(MailboxConstants.INBOX);
        try (DeliveredContent content = new DeliveredContent(mail, recipient)) {
            mailboxes.append(content, user, folder, directive.getFlags());
        }
        events.record(JamesMailEvents.about(mail, MailEventKind.DELIVERED, List.of(recipient))
                .with(EventField.NEXT_HOP, "mailbox")
                .with(EventField.STATUS, DELIVERED)
                .with(EventField.REASON, "into " + folder + " of " + user.asString())
                .build());
    }

    @Override
    public String getMailetInfo() {
        return "Relais mailbox delivery";
    }
}
