package org.relais.distribution.mailbox;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import com.google.inject.Singleton;
import com.google.inject.name.Names;
import java.util.Set;
import org.apache.james.adapter.mailbox.DelegationStoreAuthorizator;
import org.apache.james.adapter.mailbox.UserRepositoryAuthenticator;
import org.apache.james.events.EventBus;
import org.apache.james.events.EventDeadLetters;
import org.apache.james.events.InVMEventBus;
import org.apache.james.events.MemoryEventDeadLetters;
import org.apache.james.events.RetryBackoffConfiguration;
import org.apache.james.events.delivery.EventDelivery;
import org.apache.james.events.delivery.InVmEventDelivery;
import org.apache.james.mailbox.AttachmentContentLoader;
import org.apache.james.mailbox.AttachmentManager;
import org.apache.james.mailbox.Authenticator;
import org.apache.james.mailbox.Authorizator;
import org.apache.james.mailbox.MailboxManager;
import org.apache.james.mailbox.MailboxPathLocker;
import org.apache.james.mailbox.MessageIdManager;
import org.apache.james.mailbox.RightManager;
import org.apache.james.mailbox.SessionProvider;
import org.apache.james.mailbox.SubscriptionManager;
import org.apache.james.mailbox.SystemMailboxesProvider;
import org.apache.james.mailbox.acl.MailboxACLResolver;
import org.apache.james.mailbox.acl.UnionMailboxACLResolver;
import org.apache.james.mailbox.extractor.TextExtractor;
import org.apache.james.mailbox.inmemory.InMemoryId;
import org.apache.james.mailbox.inmemory.InMemoryMailboxSessionMapperFactory;
import org.apache.james.mailbox.inmemory.InMemoryMessageId;
import org.apache.james.mailbox.inmemory.quota.InMemoryCurrentQuotaManager;
import org.apache.james.mailbox.inmemory.quota.InMemoryPerUserMaxQuotaManager;
import org.apache.james.mailbox.model.MailboxId;
import org.apache.james.mailbox.model.MessageId;
import org.apache.james.mailbox.quota.CurrentQuotaManager;
import org.apache.james.mailbox.quota.MaxQuotaManager;
import org.apache.james.mailbox.quota.QuotaManager;
import org.apache.james.mailbox.quota.QuotaRootDeserializer;
import org.apache.james.mailbox.quota.QuotaRootResolver;
import org.apache.james.mailbox.quota.UserQuotaRootResolver;
import org.apache.james.mailbox.store.BatchSizes;
import org.apache.james.mailbox.store.JVMMailboxPathLocker;
import org.apache.james.mailbox.store.MailboxManagerConfiguration;
import org.apache.james.mailbox.store.MailboxSessionMapperFactory;
import org.apache.james.mailbox.store.PreDeletionHooks;
import org.apache.james.mailbox.store.SessionProviderImpl;
import org.apache.james.mailbox.store.StoreAttachmentManager;
import org.apache.james.mailbox.store.StoreMailboxManager;
import org.apache.james.mailbox.store.StoreMessageIdManager;
import org.apache.james.mailbox.store.StoreRightManager;
import org.apache.james.mailbox.store.StoreSubscriptionManager;
import org.apache.james.mailbox.store.SystemMailboxesProviderImpl;
import org.apache.james.mailbox.store.event.MailboxAnnotationListener;
import org.apache.james.mailbox.store.extractor.JsoupTextExtractor;
import org.apache.james.mailbox.store.mail.AttachmentMapperFactory;
import org.apache.james.mailbox.store.mail.MailboxMapperFactory;
import org.apache.james.mailbox.store.mail.MessageMapperFactory;
import org.apache.james.mailbox.store.mail.ThreadIdGuessingAlgorithm;
import org.apache.james.mailbox.store.quota.DefaultUserQuotaRootResolver;
import org.apache.james.mailbox.store.quota.ListeningCurrentQuotaUpdater;
import org.apache.james.mailbox.store.quota.QuotaUpdater;
import org.apache.james.mailbox.store.quota.StoreQuotaManager;
import org.apache.james.mailbox.store.search.MessageSearchIndex;
import org.apache.james.mailbox.store.search.SimpleMessageSearchIndex;
import org.apache.james.mailbox.store.user.SubscriptionMapperFactory;
import org.apache.james.metrics.api.MetricFactory;
import org.relais.store.james.IndexedThreadLookup;

/** Mailboxes in memory: nothing of them survives a restart. The issue on the store replaces this module. */
public final class MemoryMailboxModule extends AbstractModule {
    /** Messages handled at once by FETCH, COPY and MOVE: what bounds their memory (JAMES-4041). */
    private static final int BATCH_SIZE = 200;

    @Override
    protected void configure() {
        bind(InMemoryMailboxSessionMapperFactory.class).in(Singleton.class);
        bind(MailboxSessionMapperFactory.class).to(InMemoryMailboxSessionMapperFactory.class);
        bind(MessageMapperFactory.class).to(InMemoryMailboxSessionMapperFactory.class);
        bind(MailboxMapperFactory.class).to(InMemoryMailboxSessionMapperFactory.class);
        bind(AttachmentMapperFactory.class).to(InMemoryMailboxSessionMapperFactory.class);
        bind(SubscriptionMapperFactory.class).to(InMemoryMailboxSessionMapperFactory.class);
        bind(MailboxId.Factory.class).to(InMemoryId.Factory.class).in(Singleton.class);
        bind(MessageId.Factory.class).to(InMemoryMessageId.Factory.class).in(Singleton.class);
        bind(MailboxPathLocker.class).to(JVMMailboxPathLocker.class).in(Singleton.class);

        bind(BatchedMemoryMailboxes.class).in(Singleton.class);
        bind(StoreMailboxManager.class).to(BatchedMemoryMailboxes.class);
        bind(MailboxManager.class).to(BatchedMemoryMailboxes.class);
        bind(MailboxManager.class).annotatedWith(Names.named("mailboxmanager")).to(BatchedMemoryMailboxes.class);
        bind(MailboxManagerConfiguration.class)
                .toInstance(new MailboxManagerConfiguration(BatchSizes.uniqueBatchSize(BATCH_SIZE)));
        bind(MessageIdManager.class).to(StoreMessageIdManager.class).in(Singleton.class);
        bind(SubscriptionManager.class).to(StoreSubscriptionManager.class).in(Singleton.class);
        bind(StoreAttachmentManager.class).in(Singleton.class);
        bind(AttachmentManager.class).to(StoreAttachmentManager.class);
        bind(AttachmentContentLoader.class).to(StoreAttachmentManager.class);
        bind(StoreRightManager.class).in(Singleton.class);
        bind(RightManager.class).to(StoreRightManager.class);
        bind(MailboxACLResolver.class).to(UnionMailboxACLResolver.class).in(Singleton.class);
        bind(SystemMailboxesProvider.class)
                .to(SystemMailboxesProviderImpl.class)
                .in(Singleton.class);
        bind(SessionProvider.class).to(SessionProviderImpl.class).in(Singleton.class);
        bind(Authenticator.class).to(UserRepositoryAuthenticator.class).in(Singleton.class);
        bind(Authorizator.class).to(DelegationStoreAuthorizator.class).in(Singleton.class);
        bind(ThreadIdGuessingAlgorithm.class).to(IndexedThreadLookup.class).in(Singleton.class);
        bind(MessageSearchIndex.class).to(SimpleMessageSearchIndex.class).in(Singleton.class);
        bind(TextExtractor.class).to(JsoupTextExtractor.class).in(Singleton.class);
        configureQuota();
        configureEventBus();
    }

    private void configureQuota() {
        bind(DefaultUserQuotaRootResolver.class).in(Singleton.class);
        bind(UserQuotaRootResolver.class).to(DefaultUserQuotaRootResolver.class);
        bind(QuotaRootResolver.class).to(DefaultUserQuotaRootResolver.class);
        bind(QuotaRootDeserializer.class).to(DefaultUserQuotaRootResolver.class);
        bind(MaxQuotaManager.class).to(InMemoryPerUserMaxQuotaManager.class).in(Singleton.class);
        bind(CurrentQuotaManager.class).to(InMemoryCurrentQuotaManager.class).in(Singleton.class);
        bind(QuotaManager.class).to(StoreQuotaManager.class).in(Singleton.class);
        bind(ListeningCurrentQuotaUpdater.class).in(Singleton.class);
        bind(QuotaUpdater.class).to(ListeningCurrentQuotaUpdater.class);
    }

    private void configureEventBus() {
        bind(EventDelivery.class).to(InVmEventDelivery.class).in(Singleton.class);
        bind(EventDeadLetters.class).to(MemoryEventDeadLetters.class).in(Singleton.class);
        bind(RetryBackoffConfiguration.class).toInstance(RetryBackoffConfiguration.DEFAULT);
        bind(InVMEventBus.class).in(Singleton.class);
        bind(EventBus.class).to(InVMEventBus.class);
    }

    @Provides
    @Singleton
    PreDeletionHooks deletionHooks(MetricFactory metrics) {
        return new PreDeletionHooks(Set.of(), metrics);
    }

    /** What has to hear of changes in mailboxes from the start on. */
    @Singleton
    public static final class Listeners {
        private final EventBus bus;
        private final ListeningCurrentQuotaUpdater quota;
        private final MailboxAnnotationListener annotations;

        @javax.inject.Inject
        Listeners(EventBus bus, ListeningCurrentQuotaUpdater quota, MailboxAnnotationListener annotations) {
            this.bus = bus;
            this.quota = quota;
            this.annotations = annotations;
        }

        public void register() {
            bus.register(quota);
            bus.register(annotations);
        }
    }
}
