package org.relais.distribution.spool;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import com.google.inject.Singleton;
import com.google.inject.TypeLiteral;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.time.InstantSource;
import java.util.concurrent.Executors;
import org.apache.james.mailrepository.api.MailRepositoryLoader;
import org.apache.james.mailrepository.api.MailRepositoryStore;
import org.apache.james.mailrepository.api.MailRepositoryUrlStore;
import org.apache.james.mailrepository.api.Protocol;
import org.apache.james.metrics.api.GaugeRegistry;
import org.apache.james.metrics.api.MetricFactory;
import org.apache.james.queue.api.MailQueue;
import org.apache.james.queue.api.MailQueueFactory;
import org.apache.james.queue.api.ManageableMailQueue;
import org.apache.james.queue.api.RawMailQueueItemDecoratorFactory;
import org.apache.mailet.Mail;
import org.relais.chain.identity.MailName;
import org.relais.configuration.home.Home;
import org.relais.spool.Origin;
import org.relais.spool.Spool;
import org.relais.spool.james.FileMailRepositoryUrlStore;
import org.relais.spool.james.QueueParts;
import org.relais.spool.james.SpoolDirectories;
import org.relais.spool.james.SpoolMailQueueFactory;
import org.relais.spool.james.SpoolMailRepositoryLoader;
import org.relais.spool.james.SpoolMailRepositoryStore;
import org.relais.spool.james.SpoolMails;
import org.relais.spool.james.StepOutputs;

/** The spool, which whoever starts the server opened and closes, and what of James's stands on it. */
public final class SpoolModule extends AbstractModule {
    private static final String QUEUES = "queues";
    private static final String REPOSITORIES = "repositories";
    private static final String URLS = "urls";
    private static final Protocol FILE = new Protocol("file");

    private final OpenSpool spool;

    public SpoolModule(OpenSpool spool) {
        this.spool = spool;
    }

    @Override
    protected void configure() {
        bind(Spool.class).toInstance(spool.spool());
        bind(SpoolMails.class).toInstance(new SpoolMails(MailName::queueId));
        bind(StepOutputs.class).toInstance(new StepOutputs());
        bind(new TypeLiteral<MailQueueFactory<?>>() {}).to(SpoolMailQueueFactory.class);
        bind(new TypeLiteral<MailQueueFactory<? extends MailQueue>>() {}).to(SpoolMailQueueFactory.class);
        bind(new TypeLiteral<MailQueueFactory<? extends ManageableMailQueue>>() {})
                .to(SpoolMailQueueFactory.class);
        bind(MailRepositoryStore.class).to(SpoolMailRepositoryStore.class);
    }

    @Provides
    @Singleton
    SpoolMailQueueFactory queues(
            Home home,
            InstantSource clock,
            SpoolMails mails,
            StepOutputs outputs,
            MetricFactory metrics,
            GaugeRegistry gauges) {
        return new SpoolMailQueueFactory(
                spool.spool(),
                new SpoolDirectories(home.data().resolve(QUEUES), clock, spool.io()),
                new QueueParts(
                        mails,
                        outputs,
                        SpoolModule::originOf,
                        new RawMailQueueItemDecoratorFactory(),
                        metrics,
                        gauges,
                        Executors.newSingleThreadScheduledExecutor(new DefaultThreadFactory("relais-leases", true))));
    }

    /** Of a mail that something outside of the chain's steps sends. */
    private static Origin originOf(Mail mail) {
        return mail.getMaybeSender().isNullSender() ? Origin.DSN : Origin.COPY;
    }

    @Provides
    @Singleton
    MailRepositoryUrlStore urls(Home home) throws IOException {
        return FileMailRepositoryUrlStore.in(home.data().resolve(REPOSITORIES).resolve(URLS));
    }

    @Provides
    @Singleton
    SpoolMailRepositoryStore repositories(
            Home home, InstantSource clock, MailRepositoryUrlStore urls, SpoolMails mails) {
        return new SpoolMailRepositoryStore(
                new SpoolDirectories(home.data().resolve(REPOSITORIES), clock, spool.io()), urls, mails, FILE);
    }

    @Provides
    @Singleton
    MailRepositoryLoader loader(MailRepositoryStore repositories) {
        return new SpoolMailRepositoryLoader(repositories);
    }
}
