package org.relais.distribution.listener;

import com.google.inject.AbstractModule;
import com.google.inject.Injector;
import com.google.inject.Provides;
import com.google.inject.Singleton;
import java.time.Clock;
import org.apache.james.domainlist.api.DomainList;
import org.apache.james.events.EventBus;
import org.apache.james.imap.api.process.DefaultMailboxTyper;
import org.apache.james.imap.encode.main.DefaultImapEncoderFactory;
import org.apache.james.imap.main.DefaultImapDecoderFactory;
import org.apache.james.imap.processor.main.DefaultImapProcessorFactory;
import org.apache.james.mailbox.Authenticator;
import org.apache.james.mailbox.MailboxManager;
import org.apache.james.mailbox.SubscriptionManager;
import org.apache.james.mailbox.quota.QuotaManager;
import org.apache.james.mailbox.quota.QuotaRootResolver;
import org.apache.james.managesieve.jsieve.Parser;
import org.apache.james.metrics.api.MetricFactory;
import org.apache.james.rrt.api.RecipientRewriteTable;
import org.apache.james.sieverepository.api.SieveRepository;
import org.apache.james.user.api.UsersRepository;
import org.relais.access.imap.james.ImapService;
import org.relais.access.pop3.Maildrops;
import org.relais.access.pop3.james.InboxMaildrops;
import org.relais.access.sieve.Scripts;
import org.relais.access.sieve.james.RepositoryScripts;
import org.relais.access.smtp.SmtpServices;
import org.relais.access.smtp.james.JamesAuthenticator;
import org.relais.access.smtp.james.JamesRecipients;
import org.relais.access.smtp.spool.SpoolIntake;
import org.relais.access.transport.ListenerTransport;
import org.relais.access.transport.TlsContext;
import org.relais.chain.extension.ClassNames;
import org.relais.chain.extension.ExtensionLoader;
import org.relais.configuration.chain.declaration.HookClasses;
import org.relais.configuration.settings.RelaisSettings;
import org.relais.model.QueueIdGenerator;
import org.relais.model.event.MailEvents;
import org.relais.spool.Spool;
import org.relais.spool.james.SpoolMails;

/** What the sessions of all listeners share. */
public final class ListenerModule extends AbstractModule {
    private final TlsContext tls;
    private final ExtensionLoader extensions;

    /**
     * @param tls read before anything is started, so that a bad certificate stops the start
     * @param extensions closed by who made it, after the listeners have stopped
     */
    public ListenerModule(TlsContext tls, ExtensionLoader extensions) {
        this.tls = tls;
        this.extensions = extensions;
    }

    @Override
    protected void configure() {
        bind(TlsContext.class).toInstance(tls);
    }

    @Provides
    @Singleton
    ListenerHooks hooks(Injector injector, RelaisSettings settings, Spool spool, SpoolMails mails) {
        return new ListenerHooks(
                settings.listeners(),
                new ClassNames(HookClasses.PACKAGES, extensions),
                injector::getInstance,
                spool,
                mails);
    }

    @Provides
    @Singleton
    ListenerTransport transport(RelaisSettings settings) {
        return new ListenerTransport(
                Runtime.getRuntime().availableProcessors(), settings.limits().executorThreads());
    }

    @Provides
    @Singleton
    SpoolIntake intake(Spool spool) {
        return new SpoolIntake(spool);
    }

    /** The directory file's content is kept in memory, so that no look-up leaves the event loop. */
    @Provides
    @Singleton
    JamesRecipients recipients(UsersRepository users, DomainList domains, RecipientRewriteTable rewriting) {
        return JamesRecipients.inMemory(users, domains, rewriting);
    }

    @Provides
    @Singleton
    SmtpServices smtp(
            JamesRecipients recipients,
            JamesAuthenticator authenticator,
            SpoolIntake intake,
            MailEvents events,
            QueueIdGenerator queueIds,
            Clock clock) {
        return new SmtpServices(recipients, authenticator, intake, events, queueIds, clock);
    }

    @Provides
    @Singleton
    Maildrops maildrops(MailboxManager mailboxes) {
        return new InboxMaildrops(mailboxes);
    }

    @Provides
    @Singleton
    Scripts scripts(Authenticator authenticator, SieveRepository repository) throws Exception {
        return new RepositoryScripts(authenticator, repository, new Parser());
    }

    /** One for each listener: two servers must not share James's processors. */
    @Provides
    ImapService imap(
            MailboxManager mailboxes,
            EventBus events,
            SubscriptionManager subscriptions,
            QuotaManager quotas,
            QuotaRootResolver quotaRoots,
            MetricFactory metrics) {
        return new ImapService(
                DefaultImapDecoderFactory.createDecoder(),
                new DefaultImapEncoderFactory().buildImapEncoder(),
                DefaultImapProcessorFactory.createXListSupportingProcessor(
                        mailboxes, events, subscriptions, new DefaultMailboxTyper(), quotas, quotaRoots, metrics));
    }
}
