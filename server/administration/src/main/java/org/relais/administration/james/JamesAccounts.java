package org.relais.administration.james;

import java.util.concurrent.locks.ReentrantLock;
import org.apache.james.core.Domain;
import org.apache.james.core.Username;
import org.apache.james.domainlist.api.DomainList;
import org.apache.james.domainlist.api.DomainListException;
import org.apache.james.mailbox.MailboxManager;
import org.apache.james.rrt.api.RecipientRewriteTable;
import org.apache.james.rrt.api.RecipientRewriteTableException;
import org.apache.james.rrt.lib.MappingSource;
import org.apache.james.user.api.UsersRepository;
import org.apache.james.user.api.UsersRepositoryException;
import org.relais.administration.port.AliasAdministration;
import org.relais.administration.port.DomainAdministration;
import org.relais.administration.port.DomainName;
import org.relais.administration.port.MailboxAddress;
import org.relais.administration.port.Refusal;
import org.relais.administration.port.UserAdministration;

/**
 * Domains, users and aliases over James's repositories. What one of the three has to know of another (no user in an
 * unknown domain, no domain removed under its users, no alias that hides a user) is looked up here. One change at a time,
 * so that a check still holds when the change is made; looking up takes no lock. Changes made past this class are not
 * seen by the lock.
 */
public final class JamesAccounts {
    /** What may fail in James. */
    @FunctionalInterface
    interface Question<T> {
        T ask() throws DomainListException, UsersRepositoryException, RecipientRewriteTableException;
    }

    final DomainList domainList;
    final UsersRepository usersRepository;
    final RecipientRewriteTable rewriteTable;
    final ReentrantLock changes = new ReentrantLock();

    private final JamesDomainAdministration domains;
    private final JamesUserAdministration users;
    private final JamesAliasAdministration aliases;

    public JamesAccounts(
            DomainList domainList,
            UsersRepository usersRepository,
            RecipientRewriteTable rewriteTable,
            MailboxManager mailboxManager) {
        this.domainList = domainList;
        this.usersRepository = usersRepository;
        this.rewriteTable = rewriteTable;
        this.domains = new JamesDomainAdministration(this);
        this.aliases = new JamesAliasAdministration(this);
        this.users = new JamesUserAdministration(this, mailboxManager);
    }

    public DomainAdministration domains() {
        return domains;
    }

    public UserAdministration users() {
        return users;
    }

    public AliasAdministration aliases() {
        return aliases;
    }

    boolean isLocal(DomainName domain) throws Refusal {
        return ask(() -> domainList.containsDomain(Domain.of(domain.value())));
    }

    boolean isUser(MailboxAddress address) throws Refusal {
        return ask(() -> usersRepository.contains(Username.of(address.toString())));
    }

    boolean isAlias(MailboxAddress address) throws Refusal {
        return ask(() -> !rewriteTable.getStoredMappings(source(address)).isEmpty());
    }

    void requireLocal(DomainName domain) throws Refusal {
        if (!isLocal(domain)) {
            throw new Refusal(
                    Refusal.Kind.MISSING, "domain " + domain + " is not local", "relais domain add " + domain);
        }
    }

    /** Asks James, and turns what it throws into a refusal with the cause for the log. */
    static <T> T ask(Question<T> question) throws Refusal {
        try {
            return question.ask();
        } catch (DomainListException | UsersRepositoryException | RecipientRewriteTableException e) {
            throw new Refusal(
                    Refusal.Kind.FAILED,
                    "the server could not do it: " + e.getMessage(),
                    "see log/relais.log for the cause",
                    e);
        }
    }

    static MappingSource source(MailboxAddress address) {
        return MappingSource.fromUser(
                address.localPart(), Domain.of(address.domain().value()));
    }
}
