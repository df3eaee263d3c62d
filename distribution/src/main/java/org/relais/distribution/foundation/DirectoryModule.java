package org.relais.distribution.foundation;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import com.google.inject.Singleton;
import java.util.Set;
import org.apache.james.AggregateUserEntityValidator;
import org.apache.james.DefaultUserEntityValidator;
import org.apache.james.RecipientRewriteTableUserEntityValidator;
import org.apache.james.core.Domain;
import org.apache.james.domainlist.api.DomainList;
import org.apache.james.rrt.api.AliasReverseResolver;
import org.apache.james.rrt.api.CanSendFrom;
import org.apache.james.rrt.api.RecipientRewriteTable;
import org.apache.james.rrt.api.RecipientRewriteTableConfiguration;
import org.apache.james.rrt.lib.AliasReverseResolverImpl;
import org.apache.james.rrt.lib.CanSendFromImpl;
import org.apache.james.user.api.DelegationStore;
import org.apache.james.user.api.UsersRepository;
import org.apache.james.user.memory.MemoryDelegationStore;
import org.relais.store.directory.DirectoryFile;
import org.relais.store.directory.Passwords;
import org.relais.store.james.DirectoryDomainList;
import org.relais.store.james.DirectoryRewriteTable;
import org.relais.store.james.DirectoryUsersDAO;
import org.relais.store.james.DirectoryUsersRepository;

/** Users, domains and rewriting rules, from the home's directory file. */
public final class DirectoryModule extends AbstractModule {
    private final DirectoryFile directory;
    private final String hostname;

    /** @param hostname completes addresses without a domain, and is itself local */
    public DirectoryModule(DirectoryFile directory, String hostname) {
        this.directory = directory;
        this.hostname = hostname;
    }

    @Override
    protected void configure() {
        bind(DirectoryFile.class).toInstance(directory);
        bind(AliasReverseResolver.class).to(AliasReverseResolverImpl.class).in(Singleton.class);
        bind(CanSendFrom.class).to(CanSendFromImpl.class).in(Singleton.class);
        bind(DelegationStore.class).to(MemoryDelegationStore.class).in(Singleton.class);
    }

    @Provides
    @Singleton
    DomainList domains() {
        return new DirectoryDomainList(directory, Domain.of(hostname));
    }

    /** One object for both, because an address is either a user or an alias and each has to know of the other. */
    private record Accounts(UsersRepository users, RecipientRewriteTable rewriting) {}

    @Provides
    @Singleton
    Accounts accounts(DomainList domains) {
        Passwords passwords = new Passwords();
        DirectoryUsersRepository users =
                new DirectoryUsersRepository(domains, new DirectoryUsersDAO(directory, passwords), passwords);
        DirectoryRewriteTable rewriting = new DirectoryRewriteTable(directory);
        AggregateUserEntityValidator validator = new AggregateUserEntityValidator(
                Set.of(new DefaultUserEntityValidator(users), new RecipientRewriteTableUserEntityValidator(rewriting)));
        users.setValidator(validator);
        rewriting.setConfiguration(RecipientRewriteTableConfiguration.DEFAULT_ENABLED);
        rewriting.setDomainList(domains);
        rewriting.setUsersRepository(users);
        rewriting.setUserEntityValidator(validator);
        return new Accounts(users, rewriting);
    }

    @Provides
    UsersRepository users(Accounts accounts) {
        return accounts.users();
    }

    @Provides
    RecipientRewriteTable rewriting(Accounts accounts) {
        return accounts.rewriting();
    }
}
