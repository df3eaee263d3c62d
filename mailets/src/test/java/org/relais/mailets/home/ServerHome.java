package org.relais.mailets.home;

import static org.awaitility.Awaitility.await;

import java.io.InputStream;
import java.io.StringReader;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.inject.Inject;
import org.apache.commons.configuration2.BaseHierarchicalConfiguration;
import org.apache.commons.configuration2.XMLConfiguration;
import org.apache.commons.configuration2.convert.DisabledListDelimiterHandler;
import org.apache.commons.configuration2.io.FileHandler;
import org.apache.james.DefaultVacationService;
import org.apache.james.dnsservice.api.DNSService;
import org.apache.james.domainlist.api.DomainList;
import org.apache.james.lifecycle.api.LifecycleUtil;
import org.apache.james.mailbox.MailboxManager;
import org.apache.james.mailetcontainer.AutomaticallySentMailDetectorImpl;
import org.apache.james.mailetcontainer.impl.JamesMailetContext;
import org.apache.james.mailetcontainer.impl.LocalResourcesImpl;
import org.apache.james.mailrepository.api.MailKey;
import org.apache.james.mailrepository.api.MailRepository;
import org.apache.james.mailrepository.api.MailRepositoryPath;
import org.apache.james.mailrepository.api.MailRepositoryStore;
import org.apache.james.mailrepository.api.MailRepositoryUrl;
import org.apache.james.mailrepository.api.Protocol;
import org.apache.james.metrics.api.NoopGaugeRegistry;
import org.apache.james.metrics.tests.RecordingMetricFactory;
import org.apache.james.queue.api.MailQueueFactory;
import org.apache.james.queue.api.RawMailQueueItemDecoratorFactory;
import org.apache.james.rrt.api.RecipientRewriteTable;
import org.apache.james.server.core.MailImpl;
import org.apache.james.sieverepository.api.SieveRepository;
import org.apache.james.transport.util.MimeMessageBodyGenerator;
import org.apache.james.user.api.UsersRepository;
import org.apache.james.util.date.ZonedDateTimeProvider;
import org.apache.james.vacation.api.VacationService;
import org.apache.mailet.Mail;
import org.apache.mailet.Mailet;
import org.apache.mailet.base.AutomaticallySentMailDetector;
import org.apache.mailet.base.GenericMailet;
import org.relais.chain.claim.Commits;
import org.relais.chain.extension.ExtensionLoader;
import org.relais.chain.identity.MailName;
import org.relais.chain.james.AliasingMailetLoader;
import org.relais.chain.james.ChainMailProcessor;
import org.relais.chain.james.ChainSettings;
import org.relais.chain.james.ClassMailetLoader;
import org.relais.chain.james.ClassMatcherLoader;
import org.relais.chain.retry.RetrySchedule;
import org.relais.delivery.dsn.DsnSettings;
import org.relais.delivery.engine.Deliveries;
import org.relais.mailets.delivery.RelaySettings;
import org.relais.mailets.delivery.TestEngine;
import org.relais.model.event.MailEvents;
import org.relais.spool.Accounts;
import org.relais.spool.BrowseFilter;
import org.relais.spool.Changes;
import org.relais.spool.Claim;
import org.relais.spool.Disposition;
import org.relais.spool.Envelope;
import org.relais.spool.NewEnvelope;
import org.relais.spool.Origin;
import org.relais.spool.Page;
import org.relais.spool.PendingMessage;
import org.relais.spool.Receipt;
import org.relais.spool.Spool;
import org.relais.spool.Stage;
import org.relais.spool.disk.LocalDisk;
import org.relais.spool.engine.SpoolSettings;
import org.relais.spool.james.FileMailRepositoryUrlStore;
import org.relais.spool.james.QueueParts;
import org.relais.spool.james.SpoolDirectories;
import org.relais.spool.james.SpoolMailQueueFactory;
import org.relais.spool.james.SpoolMailRepositoryStore;
import org.relais.spool.james.SpoolMails;
import org.relais.spool.james.StepOutputs;
import org.relais.spool.log.LogSpool;
import org.relais.spool.mail.MailState;

/**
 * A server without its listeners, on the files of a directory: spool, repositories, queues, a chain of James's mailets
 * and ours, and the delivery to a scripted next hop.
 */
final class ServerHome implements AutoCloseable {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Duration LEASE = Duration.ofMinutes(5);
    private static final int MOST_ROUNDS = 100;
    static final String ERROR = "<processor state='error'><mailet match='All' class='ToRepository'>"
            + "<repositoryPath>file://var/mail/error/</repositoryPath></mailet></processor>";
    static final String BOUNCES = "<processor state='bounces'>"
            + "<mailet match='All' class='DSNBounce'/><mailet match='All' class='Null'/></processor>";

    private final World world;
    private final ExecutorService io = Executors.newSingleThreadExecutor();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final Spool opened;
    private final Map<Class<?>, Object> parts = new HashMap<>();
    private final Map<String, Mailet> own = new HashMap<>();
    private final SpoolMails mails = new SpoolMails(MailName::queueId);
    private final SpoolMailQueueFactory queues;
    private final SpoolMailRepositoryStore repositories;
    private final ExtensionLoader extensions;
    private final ChainMailProcessor chain;
    private final TestEngine deliveries;
    final Spool spool;
    final JamesMailetContext context;

    ServerHome(Path directory, World world, Kill kill) throws Exception {
        this.world = world;
        Path data = Files.createDirectories(directory.resolve("spool"));
        opened = LogSpool.open(SpoolSettings.in(data), world.clock(), world::nanos, io, new LocalDisk());
        spool = watched(opened, directory, kill);
        StepOutputs outputs = new StepOutputs();
        queues = new SpoolMailQueueFactory(
                spool,
                new SpoolDirectories(directory.resolve("queues"), world.clock(), io),
                new QueueParts(
                        mails,
                        outputs,
                        any -> Origin.COPY,
                        new RawMailQueueItemDecoratorFactory(),
                        new RecordingMetricFactory(),
                        new NoopGaugeRegistry(),
                        timer));
        repositories = new SpoolMailRepositoryStore(
                new SpoolDirectories(directory.resolve("repositories"), world.clock(), io),
                FileMailRepositoryUrlStore.in(directory.resolve("urls")),
                mails,
                new Protocol("file"));
        context = new JamesMailetContext(
                world.dns, world.domains, new LocalResourcesImpl(world.users, world.domains, world.aliases), queues);
        BaseHierarchicalConfiguration postmaster = new BaseHierarchicalConfiguration();
        postmaster.addProperty("postmaster", "postmaster@example.org");
        context.configure(postmaster);
        deliveries = new TestEngine(spool, world.dns, event -> {});
        extensions = ExtensionLoader.of(
                directory.resolve("no-extensions"), getClass().getClassLoader());
        fillParts();
        ClassMailetLoader classes = new ClassMailetLoader(extensions, this::instance);
        chain = new ChainMailProcessor(
                new AliasingMailetLoader(config -> {
                    Mailet mine = own.get(config.getMailetName());
                    if (mine == null) {
                        return classes.getMailet(config);
                    }
                    mine.init(config);
                    return mine;
                }),
                new ClassMatcherLoader(extensions, this::instance),
                context,
                spool,
                outputs,
                repositories,
                event -> {},
                new ChainSettings(
                        RetrySchedule.STANDARD,
                        50,
                        MailRepositoryUrl.from("file://var/mail/kept"),
                        new Commits.Patience(3, Duration.ofMillis(1))));
    }

    private static Spool watched(Spool spool, Path directory, Kill kill) {
        return (Spool) Proxy.newProxyInstance(
                ServerHome.class.getClassLoader(), new Class<?>[] {Spool.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("commit")) {
                        CompletionStage<Receipt> committed = kill.around(
                                directory, (Changes) arguments[0], () -> spool.commit((Changes) arguments[0]));
                        return committed;
                    }
                    try {
                        return method.invoke(spool, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private void fillParts() {
        ZonedDateTimeProvider now = () -> ZonedDateTime.ofInstant(world.now(), ZoneOffset.UTC);
        parts.put(DNSService.class, world.dns);
        parts.put(DomainList.class, world.domains);
        parts.put(UsersRepository.class, world.users);
        parts.put(MailboxManager.class, world.mailboxes);
        parts.put(RecipientRewriteTable.class, world.aliases);
        parts.put(SieveRepository.class, world.sieve());
        parts.put(VacationService.class, new DefaultVacationService(world.vacations, world.notifications));
        parts.put(ZonedDateTimeProvider.class, now);
        parts.put(AutomaticallySentMailDetector.class, new AutomaticallySentMailDetectorImpl());
        parts.put(MimeMessageBodyGenerator.class, new MimeMessageBodyGenerator(html -> html));
        parts.put(MailRepositoryStore.class, repositories);
        parts.put(MailQueueFactory.class, queues);
        parts.put(Deliveries.class, deliveries.deliveries());
        parts.put(
                DsnSettings.class, new DsnSettings("mx.example.org", "postmaster@example.org", Locale.ENGLISH, 50_000));
        parts.put(Clock.class, world.clock().withZone(ZoneOffset.UTC));
        parts.put(MailEvents.class, (MailEvents) event -> {});
        parts.put(RelaySettings.class, TestEngine.settings(TestEngine.smartHost(world.hop.port())));
    }

    private Object instance(Class<?> type) {
        Constructor<?> constructor = Arrays.stream(type.getDeclaredConstructors())
                .max(Comparator.<Constructor<?>, Boolean>comparing(one -> one.isAnnotationPresent(Inject.class))
                        .thenComparing(one -> -one.getParameterCount()))
                .orElseThrow();
        constructor.setAccessible(true);
        try {
            return constructor.newInstance(Arrays.stream(constructor.getParameterTypes())
                    .map(parts::get)
                    .toArray());
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException(type.getName(), e);
        }
    }

    /** What a mailet of the test does. */
    @FunctionalInterface
    interface Service {
        void service(Mail mail) throws Exception;
    }

    ServerHome mailet(String name, Service service) {
        own.put(name, new GenericMailet() {
            @Override
            public void service(Mail mail) {
                sneak(() -> {
                    service.service(mail);
                    return mail;
                });
            }
        });
        return this;
    }

    private static <T> T sneak(Callable<T> call) {
        try {
            return call.call();
        } catch (Exception e) {
            throw ServerHome.<RuntimeException>asUnchecked(e);
        }
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> RuntimeException asUnchecked(Exception e) throws E {
        throw (E) e;
    }

    ServerHome start(String processors) throws Exception {
        XMLConfiguration configuration = new XMLConfiguration();
        configuration.setListDelimiterHandler(new DisabledListDelimiterHandler());
        new FileHandler(configuration).load(new StringReader("<processors>" + processors + "</processors>"));
        chain.start(configuration);
        return this;
    }

    /** Accepts the mail, as from a client. */
    ServerHome accept(MailImpl mail) throws Exception {
        PendingMessage message = mails.write(opened, mail.getMessage());
        List<NewEnvelope> envelopes =
                mails.envelopes(mail, mails.stateOfWritten(mail), Stage.CHAIN, Instant.EPOCH).stream()
                        .map(NewEnvelope::accepted)
                        .toList();
        opened.commit(Changes.append(message, envelopes)).toCompletableFuture().get(20, TimeUnit.SECONDS);
        LifecycleUtil.dispose(mail);
        return this;
    }

    /** The chain, until nothing is due in it. */
    ServerHome runChain() {
        for (int round = 0; round < MOST_ROUNDS; round++) {
            List<Claim> claims = spool.claim(Stage.CHAIN, 100, LEASE);
            if (claims.isEmpty()) {
                return this;
            }
            mails.groups(claims).forEach(mail -> chain.process(mail, () -> false));
        }
        throw new AssertionError("the chain comes to no end");
    }

    /** The delivery, until nothing is due in it; then the chain with what came back. */
    ServerHome runAll() {
        runChain();
        deliver();
        return runChain();
    }

    void deliver() {
        deliveries.start();
        try {
            await().atMost(SOON).until(this::isDelivered);
        } finally {
            deliveries.stop();
        }
    }

    private boolean isDelivered() throws Exception {
        Instant now = spool.now();
        return deliveries.running() == 0
                && in(Stage.DELIVERY).stream()
                        .allMatch(envelope -> envelope.details().nextAttempt().isAfter(now));
    }

    List<Envelope> in(Stage stage) throws Exception {
        return spool.browse(BrowseFilter.ALL.withStage(stage), Optional.empty(), 1000).entries().stream()
                .map(entry -> ((Page.Entry.Item) entry).envelope())
                .toList();
    }

    List<String> forwardPaths(Stage stage) throws Exception {
        return in(stage).stream()
                .map(envelope -> envelope.details().forwardPath())
                .toList();
    }

    String octets(Envelope envelope) throws Exception {
        try (InputStream in = spool.content(envelope.message()).open()) {
            return MailState.of(envelope.details()).prefix()
                    + new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    /** The octets of the mails in a repository. */
    List<String> kept(String path) throws Exception {
        List<String> kept = new ArrayList<>();
        for (MailRepository repository :
                repositories.getByPath(MailRepositoryPath.from(path)).toList()) {
            for (Iterator<MailKey> keys = repository.list(); keys.hasNext(); ) {
                Mail mail = repository.retrieve(keys.next());
                kept.add(org.relais.mailets.octets.NastyMail.octets(mail.getMessage()));
                LifecycleUtil.dispose(mail);
            }
        }
        Collections.sort(kept);
        return kept;
    }

    MailRepository repository(String url) throws Exception {
        return repositories.select(MailRepositoryUrl.from(url));
    }

    long came(Origin origin) {
        return spool.accounts().came(origin);
    }

    long left(Disposition disposition) {
        return spool.accounts().left(disposition);
    }

    Accounts accounts() {
        return spool.accounts();
    }

    /** An orderly stop. Fails when the books do not add up. */
    @Override
    public void close() throws Exception {
        long difference = accounts().difference();
        chain.stop();
        extensions.close();
        queues.close();
        repositories.close();
        opened.close();
        timer.shutdownNow();
        io.shutdownNow();
        if (difference != 0) {
            throw new AssertionError("the books do not add up: " + difference);
        }
    }
}
