package org.relais.access.smtp.james;

import javax.inject.Inject;
import javax.mail.internet.AddressException;
import org.apache.james.core.MailAddress;
import org.apache.james.domainlist.api.DomainList;
import org.apache.james.domainlist.api.DomainListException;
import org.apache.james.rrt.api.RecipientRewriteTable;
import org.apache.james.rrt.api.RecipientRewriteTable.ErrorMappingException;
import org.apache.james.rrt.api.RecipientRewriteTableException;
import org.apache.james.user.api.UsersRepository;
import org.apache.james.user.api.UsersRepositoryException;
import org.relais.access.smtp.MailPath;
import org.relais.access.smtp.Recipients;

/** Knows users, aliases and every other rewriting of the local domains. Safe for use by many threads. */
public final class JamesRecipients implements Recipients {
    private final UsersRepository users;
    private final DomainList domains;
    private final RecipientRewriteTable rewriting;
    private final boolean mayBlock;

    /** Over a directory that asks a disk, a database or a server. */
    @Inject
    public JamesRecipients(UsersRepository users, DomainList domains, RecipientRewriteTable rewriting) {
        this(users, domains, rewriting, true);
    }

    private JamesRecipients(
            UsersRepository users, DomainList domains, RecipientRewriteTable rewriting, boolean mayBlock) {
        this.users = users;
        this.domains = domains;
        this.rewriting = rewriting;
        this.mayBlock = mayBlock;
    }

    /** Over a directory that answers from memory, at once. */
    public static JamesRecipients inMemory(UsersRepository users, DomainList domains, RecipientRewriteTable rewriting) {
        return new JamesRecipients(users, domains, rewriting, false);
    }

    @Override
    public boolean mayBlock() {
        return mayBlock;
    }

    @Override
    public boolean isUsable(MailPath path) {
        try {
            new MailAddress(path.address());
            return true;
        } catch (AddressException e) {
            return false;
        }
    }

    @Override
    public Standing standingOf(MailPath forwardPath) {
        try {
            MailAddress address = new MailAddress(forwardPath.address());
            if (!domains.containsDomain(address.getDomain())) {
                return Standing.FOREIGN;
            }
            return isUser(address) || isRewritten(address) ? Standing.KNOWN : Standing.UNKNOWN;
        } catch (AddressException | DomainListException | UsersRepositoryException | RecipientRewriteTableException e) {
            throw new IllegalStateException("the directory does not answer for " + forwardPath, e);
        }
    }

    private boolean isUser(MailAddress address) throws UsersRepositoryException {
        try {
            return users.contains(users.getUsername(address));
        } catch (IllegalArgumentException e) {
            // No user can have such a name: a quoted @ in the local part.
            return false;
        }
    }

    private boolean isRewritten(MailAddress address) throws RecipientRewriteTableException {
        try {
            return !rewriting
                    .getResolvedMappings(address.getLocalPart(), address.getDomain())
                    .isEmpty();
        } catch (ErrorMappingException e) {
            // Known, and mapped to a bounce with the administrator's own words: the chain writes it.
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
