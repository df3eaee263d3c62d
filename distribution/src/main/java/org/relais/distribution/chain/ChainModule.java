package org.relais.distribution.chain;

import com.google.inject.AbstractModule;
import com.google.inject.Injector;
import com.google.inject.Provides;
import com.google.inject.Singleton;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import org.apache.commons.configuration2.BaseHierarchicalConfiguration;
import org.apache.james.mailetcontainer.AutomaticallySentMailDetectorImpl;
import org.apache.james.mailetcontainer.api.LocalResources;
import org.apache.james.mailetcontainer.impl.LocalResourcesImpl;
import org.apache.james.mailrepository.api.MailRepositoryStore;
import org.apache.james.mailrepository.api.MailRepositoryUrl;
import org.apache.james.mailrepository.api.Protocol;
import org.apache.james.mailrepository.memory.MailRepositoryStoreConfiguration;
import org.apache.james.mailrepository.memory.MemoryMailRepository;
import org.apache.james.mailrepository.memory.MemoryMailRepositoryStore;
import org.apache.james.mailrepository.memory.MemoryMailRepositoryUrlStore;
import org.apache.james.mailrepository.memory.SimpleMailRepositoryLoader;
import org.apache.james.queue.api.MailQueueFactory;
import org.apache.mailet.MailetContext;
import org.apache.mailet.base.AutomaticallySentMailDetector;
import org.relais.chain.extension.ExtensionLoader;
import org.relais.chain.james.AliasingMailetLoader;
import org.relais.chain.james.ByPathMailRepositoryStore;
import org.relais.chain.james.ChainMailProcessor;
import org.relais.chain.james.ChainSettings;
import org.relais.chain.james.ChainSpooler;
import org.relais.chain.james.ClassMailetLoader;
import org.relais.chain.james.ClassMatcherLoader;
import org.relais.chain.james.SpoolerSettings;
import org.relais.configuration.settings.RelaisSettings;
import org.relais.mailets.relay.RelaySettings;
import org.relais.model.QueueIdGenerator;
import org.relais.model.event.MailEvents;

/** The mailet chain with its loaders, its context and its repositories (in memory, as the queues). */
public final class ChainModule extends AbstractModule {
    private static final Protocol MEMORY = new Protocol("memory");
    private static final String ERRORS = "memory://var/mail/error";

    private final RelaySettings relay;
    private final ExtensionLoader extensions;

    /** @param extensions closed by who made it, after the chain has stopped */
    public ChainModule(RelaySettings relay, ExtensionLoader extensions) {
        this.relay = relay;
        this.extensions = extensions;
    }

    @Override
    protected void configure() {
        bind(RelaySettings.class).toInstance(relay);
        bind(LocalResources.class).to(LocalResourcesImpl.class).in(Singleton.class);
        bind(AutomaticallySentMailDetector.class)
                .to(AutomaticallySentMailDetectorImpl.class)
                .in(Singleton.class);
        bind(LoudMailetContext.class).in(Singleton.class);
        bind(MailetContext.class).to(LoudMailetContext.class);
    }

    @Provides
    @Singleton
    MailRepositoryStore repositories() throws Exception {
        MemoryMailRepositoryStore store = new MemoryMailRepositoryStore(
                new MemoryMailRepositoryUrlStore(),
                new SimpleMailRepositoryLoader(),
                MailRepositoryStoreConfiguration.forItems(new MailRepositoryStoreConfiguration.Item(
                        List.of(MEMORY), MemoryMailRepository.class.getName(), new BaseHierarchicalConfiguration())));
        store.init();
        return new ByPathMailRepositoryStore(store, MEMORY);
    }

    @Provides
    @Singleton
    ChainMailProcessor processor(
            Injector injector,
            MailetContext context,
            MailQueueFactory<?> queues,
            MailRepositoryStore repositories,
            MailEvents events,
            InstantSource clock,
            QueueIdGenerator queueIds) {
        return new ChainMailProcessor(
                new AliasingMailetLoader(new ClassMailetLoader(extensions, injector::getInstance)),
                new ClassMatcherLoader(extensions, injector::getInstance),
                context,
                queues,
                repositories,
                events,
                clock,
                queueIds,
                ChainSettings.standard(MailRepositoryUrl.from(ERRORS)));
    }

    @Provides
    @Singleton
    ChainSpooler spooler(MailQueueFactory<?> queues, ChainMailProcessor chain, RelaisSettings settings) {
        ThreadFactory threads = new DefaultThreadFactory("relais-chain");
        return new ChainSpooler(
                queues,
                chain,
                threads,
                new SpoolerSettings(
                        settings.spool().workers(),
                        settings.limits().drainTimeout().dividedBy(RelayMapping.DRAIN_SHARE)));
    }
}
