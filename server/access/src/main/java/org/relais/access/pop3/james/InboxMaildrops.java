package org.relais.access.pop3.james;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.apache.james.core.Username;
import org.apache.james.mailbox.MailboxManager;
import org.apache.james.mailbox.MailboxSession;
import org.apache.james.mailbox.MessageManager;
import org.apache.james.mailbox.MessageUid;
import org.apache.james.mailbox.exception.BadCredentialsException;
import org.apache.james.mailbox.exception.MailboxException;
import org.apache.james.mailbox.model.FetchGroup;
import org.apache.james.mailbox.model.MailboxPath;
import org.apache.james.mailbox.model.MessageRange;
import org.apache.james.mailbox.model.MessageResult;
import org.relais.access.pop3.Maildrop;
import org.relais.access.pop3.Maildrops;
import reactor.core.publisher.Mono;

/**
 * A user's INBOX as his maildrop.
 *
 * <p>A mail's unique id is {@code uidvalidity.uid}: the bare UID would name another mail once the mailbox has been made
 * anew.
 */
public final class InboxMaildrops implements Maildrops {

    private final MailboxManager mailboxes;

    public InboxMaildrops(MailboxManager mailboxes) {
        this.mailboxes = mailboxes;
    }

    @Override
    public Optional<Account> authenticate(String user, String password) throws IOException {
        try {
            var session = mailboxes.authenticate(Username.of(user), password).withoutDelegation();
            return Optional.of(new Inbox(session));
        } catch (BadCredentialsException | IllegalArgumentException e) {
            // The latter: no user can have such a name.
            return Optional.empty();
        } catch (MailboxException e) {
            throw new IOException("cannot authenticate", e);
        }
    }

    private final class Inbox implements Account {

        private final MailboxSession session;

        Inbox(MailboxSession session) {
            this.session = session;
        }

        @Override
        public String maildrop() {
            return session.getUser().asString();
        }

        @Override
        public Maildrop open() throws IOException {
            try {
                var path = MailboxPath.inbox(session);
                if (!Boolean.TRUE.equals(
                        Mono.from(mailboxes.mailboxExists(path, session)).block())) {
                    mailboxes.createMailbox(path, session);
                }
                var inbox = mailboxes.getMailbox(path, session);
                long validity = inbox.getMailboxEntity().getUidValidity().asLong();
                var mails = new ArrayList<Maildrop.Mail>();
                var uids = new ArrayList<MessageUid>();
                var results = inbox.getMessages(MessageRange.all(), FetchGroup.MINIMAL, session);
                while (results.hasNext()) {
                    MessageResult result = results.next();
                    uids.add(result.getUid());
                    mails.add(new Maildrop.Mail(validity + "." + result.getUid().asLong(), result.getSize()));
                }
                return new Snapshot(inbox, session, List.copyOf(mails), List.copyOf(uids));
            } catch (MailboxException e) {
                throw new IOException("cannot open INBOX", e);
            }
        }
    }

    private record Snapshot(
            MessageManager inbox, MailboxSession session, List<Maildrop.Mail> mails, List<MessageUid> uids)
            implements Maildrop {

        @Override
        public Optional<InputStream> content(int index) throws IOException {
            try {
                var results = inbox.getMessages(MessageRange.one(uids.get(index)), FetchGroup.FULL_CONTENT, session);
                return results.hasNext()
                        ? Optional.of(results.next().getFullContent().getInputStream())
                        : Optional.empty();
            } catch (MailboxException e) {
                throw new IOException("cannot read mail " + mails.get(index).uniqueId(), e);
            }
        }

        @Override
        public void delete(Collection<Integer> indexes) throws IOException {
            try {
                inbox.delete(indexes.stream().map(uids::get).toList(), session);
            } catch (MailboxException e) {
                throw new IOException("cannot delete mails", e);
            }
        }
    }
}
