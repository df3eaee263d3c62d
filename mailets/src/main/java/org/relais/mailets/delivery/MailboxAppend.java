package org.relais.mailets.delivery;

import java.util.Optional;
import javax.mail.Flags;
import org.apache.james.core.Username;
import org.apache.james.mailbox.MailboxManager;
import org.apache.james.mailbox.MailboxSession;
import org.apache.james.mailbox.MessageManager;
import org.apache.james.mailbox.exception.MailboxException;
import org.apache.james.mailbox.exception.MailboxExistsException;
import org.apache.james.mailbox.exception.MailboxNotFoundException;
import org.apache.james.mailbox.model.Content;
import org.apache.james.mailbox.model.MailboxPath;

/** Adds a message to a user's folder, which is made and subscribed to when it is missing. */
final class MailboxAppend {
    private static final char SLASH = '/';

    private final MailboxManager mailboxes;

    MailboxAppend(MailboxManager mailboxes) {
        this.mailboxes = mailboxes;
    }

    /** {@code folder}'s levels are separated by slashes; one at its beginning is left out. */
    void append(Content content, Username user, String folder, Optional<Flags> flags) throws MailboxException {
        MailboxSession session = mailboxes.createSystemSession(user);
        mailboxes.startProcessingRequest(session);
        try {
            String path = folder.charAt(0) == SLASH ? folder.substring(1) : folder;
            MessageManager mailbox =
                    open(MailboxPath.forUser(user, path.replace(SLASH, session.getPathDelimiter())), session);
            MessageManager.AppendCommand.Builder command =
                    MessageManager.AppendCommand.builder().recent().delivery();
            flags.ifPresent(command::withFlags);
            mailbox.appendMessage(command.build(content), session);
        } finally {
            mailboxes.endProcessingRequest(session);
        }
    }

    private MessageManager open(MailboxPath path, MailboxSession session) throws MailboxException {
        try {
            return mailboxes.getMailbox(path, session);
        } catch (MailboxNotFoundException e) {
            return make(path, session);
        }
    }

    private MessageManager make(MailboxPath path, MailboxSession session) throws MailboxException {
        try {
            mailboxes.createMailbox(path, MailboxManager.CreateOption.CREATE_SUBSCRIPTION, session);
        } catch (MailboxExistsException e) {
            // Another delivery made it in between.
            return mailboxes.getMailbox(path, session);
        }
        return mailboxes.getMailbox(path, session);
    }
}
