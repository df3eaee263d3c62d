package org.relais.distribution.chain;

import com.google.inject.AbstractModule;
import com.google.inject.Injector;
import com.google.inject.Provides;
import com.google.inject.Singleton;
import io.netty.util.concurrent.DefaultThreadFactory;
import org.apache.james.mailetcontainer.AutomaticallySentMailDetectorImpl;
import org.apache.james.mailetcontainer.api.LocalResources;
import org.apache.james.mailetcontainer.impl.LocalResourcesImpl;
import org.apache.james.mailrepository.api.MailRepositoryStore;
import org.apache.james.mailrepository.api.MailRepositoryUrl;
import org.apache.mailet.MailetContext;
import org.apache.mailet.base.AutomaticallySentMailDetector;
import org.relais.chain.extension.ExtensionLoader;
import org.relais.chain.james.AliasingMailetLoader;
import org.relais.chain.james.ChainMailProcessor;
import org.relais.chain.james.ChainSettings;
import org.relais.chain.james.ChainSpooler;
import org.relais.chain.james.ClassMailetLoader;
import org.relais.chain.james.ClassMatcherLoader;
import org.relais.chain.james.SpoolerSettings;
import org.relais.configuration.settings.RelaisSettings;
import org.relais.distribution.delivery.DeliveryMapping;
import org.relais.model.event.MailEvents;
import org.relais.spool.Spool;
import org.relais.spool.james.StepOutputs;

/** The mailet chain with its loaders and its context, and what delivers. */
public final class ChainModule extends AbstractModule {
    private static final String ERRORS = "file://var/mail/error";

    private final ExtensionLoader extensions;

    /** @param extensions closed by who made it, after the chain has stopped */
    public ChainModule(ExtensionLoader extensions) {
        this.extensions = extensions;
    }

    @Override
    protected void configure() {
        bind(LocalResources.class).to(LocalResourcesImpl.class).in(Singleton.class);
        bind(AutomaticallySentMailDetector.class)
                .to(AutomaticallySentMailDetectorImpl.class)
                .in(Singleton.class);
        bind(LoudMailetContext.class).in(Singleton.class);
        bind(MailetContext.class).to(LoudMailetContext.class);
    }

    @Provides
    @Singleton
    ChainMailProcessor processor(
            Injector injector,
            MailetContext context,
            Spool spool,
            StepOutputs outputs,
            MailRepositoryStore repositories,
            MailEvents events) {
        return new ChainMailProcessor(
                new AliasingMailetLoader(new ClassMailetLoader(extensions, injector::getInstance)),
                new ClassMatcherLoader(extensions, injector::getInstance),
                context,
                spool,
                outputs,
                repositories,
                events,
                ChainSettings.standard(MailRepositoryUrl.from(ERRORS)));
    }

    @Provides
    @Singleton
    ChainSpooler spooler(Spool spool, ChainMailProcessor chain, RelaisSettings settings) {
        return new ChainSpooler(
                spool,
                chain,
                new DefaultThreadFactory("relais-chain"),
                new SpoolerSettings(
                        settings.spool().workers(),
                        settings.limits().drainTimeout().dividedBy(DeliveryMapping.DRAIN_SHARE)));
    }
}
