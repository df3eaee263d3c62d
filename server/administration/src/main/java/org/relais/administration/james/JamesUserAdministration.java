package org.relais.administration.james;

import static org.relais.administration.james.JamesAccounts.ask;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.james.core.Username;
import org.apache.james.mailbox.MailboxManager;
import org.apache.james.mailbox.MailboxSession;
import org.apache.james.mailbox.exception.MailboxException;
import org.apache.james.mailbox.exception.MailboxNotFoundException;
import org.apache.james.mailbox.model.MailboxMetaData;
import org.apache.james.mailbox.model.MailboxPath;
import org.apache.james.mailbox.model.search.MailboxQuery;
import org.apache.james.user.api.model.User;
import org.jspecify.annotations.Nullable;
import org.relais.administration.port.MailboxAddress;
import org.relais.administration.port.Password;
import org.relais.administration.port.Refusal;
import org.relais.administration.port.UserAdministration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The users, over James's users repository and, for a removal with the mailboxes, its mailbox manager. */
final class JamesUserAdministration implements UserAdministration {
    private static final Logger LOGGER = LoggerFactory.getLogger(JamesUserAdministration.class);

    private static final Duration SEARCH_DEADLINE = Duration.ofSeconds(10);

    private final JamesAccounts accounts;
    private final MailboxManager mailboxManager;

    JamesUserAdministration(JamesAccounts accounts, MailboxManager mailboxManager) {
        this.accounts = accounts;
        this.mailboxManager = mailboxManager;
    }

    @Override
    public List<MailboxAddress> list() throws Refusal {
        var users = new ArrayList<MailboxAddress>();
        var names = ask(accounts.usersRepository::list);
        while (names.hasNext()) {
            users.add(MailboxAddress.parse(names.next().asString()));
        }
        users.sort(Comparator.comparing(MailboxAddress::toString));
        return List.copyOf(users);
    }

    @Override
    public void add(MailboxAddress address, Password password) throws Refusal {
        accounts.changes.lock();
        try {
            accounts.requireLocal(address.domain());
            if (accounts.isUser(address)) {
                throw new Refusal(
                        Refusal.Kind.EXISTS, "user " + address + " exists", "relais user password " + address);
            }
            if (accounts.isAlias(address)) {
                throw new Refusal(
                        Refusal.Kind.CONFLICT,
                        address + " is an alias: the user's mail would go elsewhere",
                        "remove what relais alias list shows of it first");
            }
            ask(() -> {
                accounts.usersRepository.addUser(name(address), password.value());
                return true;
            });
        } finally {
            accounts.changes.unlock();
        }
    }

    @Override
    public void changePassword(MailboxAddress address, Password password) throws Refusal {
        accounts.changes.lock();
        try {
            @Nullable User user = ask(() -> accounts.usersRepository.getUserByName(name(address)));
            if (user == null) {
                throw missing(address);
            }
            if (!user.setPassword(password.value())) {
                throw new Refusal(
                        Refusal.Kind.FAILED,
                        "the password of " + address + " could not be set",
                        "see log/relais.log for the cause");
            }
            ask(() -> {
                accounts.usersRepository.updateUser(user);
                return true;
            });
        } finally {
            accounts.changes.unlock();
        }
    }

    @Override
    public void remove(MailboxAddress address, Mailboxes mailboxes) throws Refusal {
        accounts.changes.lock();
        try {
            if (!accounts.isUser(address)) {
                throw missing(address);
            }
            ask(() -> {
                accounts.usersRepository.removeUser(name(address));
                return true;
            });
        } finally {
            accounts.changes.unlock();
        }
        if (mailboxes == Mailboxes.REMOVED) {
            removeMailboxes(address);
        }
    }

    private void removeMailboxes(MailboxAddress address) throws Refusal {
        var session = mailboxManager.createSystemSession(name(address));
        mailboxManager.startProcessingRequest(session);
        try {
            for (var mailbox : mailboxesOf(session)) {
                removeMailbox(mailbox.getPath(), session);
            }
        } catch (MailboxException e) {
            throw new Refusal(
                    Refusal.Kind.FAILED,
                    "user " + address + " is removed, but not all its mailboxes: " + e.getMessage(),
                    "see log/relais.log for the cause",
                    e);
        } finally {
            mailboxManager.endProcessingRequest(session);
        }
    }

    private List<MailboxMetaData> mailboxesOf(MailboxSession session) {
        var all = MailboxQuery.privateMailboxesBuilder(session)
                .matchesAllMailboxNames()
                .build();
        var found = mailboxManager
                .search(all, MailboxManager.MailboxSearchFetchType.Minimal, session)
                .collectList()
                .block(SEARCH_DEADLINE);
        return found == null ? List.of() : found;
    }

    private void removeMailbox(MailboxPath path, MailboxSession session) throws MailboxException {
        try {
            mailboxManager.deleteMailbox(path, session);
        } catch (MailboxNotFoundException e) {
            LOGGER.atDebug().addKeyValue("mailbox", path.asString()).log("removed with the mailbox above it");
        }
    }

    private static Refusal missing(MailboxAddress address) {
        return new Refusal(Refusal.Kind.MISSING, "there is no user " + address, "relais user list");
    }

    private static Username name(MailboxAddress address) {
        return Username.of(address.toString());
    }
}
