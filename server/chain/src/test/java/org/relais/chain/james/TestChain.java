package org.relais.chain.james;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.StringReader;
import java.lang.reflect.Constructor;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.commons.configuration2.BaseHierarchicalConfiguration;
import org.apache.commons.configuration2.HierarchicalConfiguration;
import org.apache.commons.configuration2.XMLConfiguration;
import org.apache.commons.configuration2.convert.DisabledListDelimiterHandler;
import org.apache.commons.configuration2.io.FileHandler;
import org.apache.commons.configuration2.tree.ImmutableNode;
import org.apache.james.core.MailAddress;
import org.apache.james.dnsservice.api.DNSService;
import org.apache.james.lifecycle.api.LifecycleUtil;
import org.apache.james.mailetcontainer.impl.JamesMailetContext;
import org.apache.james.mailrepository.api.MailKey;
import org.apache.james.mailrepository.api.MailRepository;
import org.apache.james.mailrepository.api.MailRepositoryPath;
import org.apache.james.mailrepository.api.MailRepositoryStore;
import org.apache.james.mailrepository.api.MailRepositoryUrl;
import org.apache.james.mailrepository.api.Protocol;
import org.apache.james.mailrepository.memory.MailRepositoryStoreConfiguration;
import org.apache.james.mailrepository.memory.MemoryMailRepository;
import org.apache.james.mailrepository.memory.MemoryMailRepositoryStore;
import org.apache.james.mailrepository.memory.MemoryMailRepositoryUrlStore;
import org.apache.james.mailrepository.memory.SimpleMailRepositoryLoader;
import org.apache.james.metrics.api.NoopGaugeRegistry;
import org.apache.james.metrics.tests.RecordingMetricFactory;
import org.apache.james.queue.api.RawMailQueueItemDecoratorFactory;
import org.apache.james.server.core.MailImpl;
import org.apache.james.server.core.MimeMessageInputStreamSource;
import org.apache.james.server.core.MimeMessageWrapper;
import org.apache.mailet.Mail;
import org.apache.mailet.Mailet;
import org.apache.mailet.Matcher;
import org.apache.mailet.base.GenericMailet;
import org.apache.mailet.base.GenericMatcher;
import org.relais.chain.claim.Commits;
import org.relais.chain.extension.ExtensionLoader;
import org.relais.chain.identity.MailName;
import org.relais.chain.retry.RetrySchedule;
import org.relais.model.event.MailEvent;
import org.relais.model.event.MailEventKind;
import org.relais.spool.BrowseFilter;
import org.relais.spool.Changes;
import org.relais.spool.Claim;
import org.relais.spool.Envelope;
import org.relais.spool.NewEnvelope;
import org.relais.spool.Origin;
import org.relais.spool.Page;
import org.relais.spool.PendingMessage;
import org.relais.spool.Spool;
import org.relais.spool.Stage;
import org.relais.spool.james.QueueParts;
import org.relais.spool.james.SpoolDirectories;
import org.relais.spool.james.SpoolMailQueueFactory;
import org.relais.spool.james.SpoolMails;
import org.relais.spool.james.StepOutputs;
import org.relais.spool.mail.MailState;
import org.relais.spool.memory.InMemorySpool;

/**
 * A chain over a spool, and James's repositories in memory. Mailets and matchers written in the test go by the names the
 * test gives them; all others are looked up as in a home.
 */
final class TestChain implements AutoCloseable {
    static final Duration LEASE = Duration.ofMinutes(5);
    private static final int MOST_ROUNDS = 100;

    final TestClock clock;
    final List<MailEvent> events = new CopyOnWriteArrayList<>();
    final Spool spool;
    final MailRepositoryStore repositories;
    final ChainMailProcessor processor;
    final JamesMailetContext context;
    final SpoolMails mails = new SpoolMails(MailName::queueId);
    private final Map<String, Mailet> mailets = new HashMap<>();
    private final Map<String, Matcher> matchers = new HashMap<>();
    private final ExtensionLoader extensions;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final SpoolMailQueueFactory queues;

    TestChain() throws Exception {
        this(new TestClock());
    }

    private TestChain(TestClock clock) throws Exception {
        this(clock, new InMemorySpool(clock, clock, 64L << 20, Duration.ofDays(7)));
    }

    /** {@code spool}, which runs on {@code clock}, is closed by whoever made it. */
    TestChain(TestClock clock, Spool spool) throws Exception {
        this(clock, spool, MailRepositoryUrl.from("memory://var/mail/error"));
    }

    /** {@code lastResort} is where the chain keeps mails. */
    TestChain(TestClock clock, Spool spool, MailRepositoryUrl lastResort) throws Exception {
        this.clock = clock;
        this.spool = spool;
        MemoryMailRepositoryStore memory = new MemoryMailRepositoryStore(
                new MemoryMailRepositoryUrlStore(),
                (type, url) -> url.getPath().asString().equals("unwritable")
                        ? new UnwritableRepository()
                        : new SimpleMailRepositoryLoader().load(type, url),
                MailRepositoryStoreConfiguration.forItems(new MailRepositoryStoreConfiguration.Item(
                        List.of(new Protocol("memory"), new Protocol("file"), new Protocol("cassandra")),
                        MemoryMailRepository.class.getName(),
                        new BaseHierarchicalConfiguration())));
        memory.init();
        repositories = memory;
        extensions =
                ExtensionLoader.of(Path.of("target/no-extensions"), getClass().getClassLoader());
        ClassMailetLoader mailetClasses = new ClassMailetLoader(extensions, this::instance);
        ClassMatcherLoader matcherClasses = new ClassMatcherLoader(extensions, this::instance);
        StepOutputs outputs = new StepOutputs();
        queues = new SpoolMailQueueFactory(
                spool,
                new SpoolDirectories(Path.of("target/no-queues"), clock, Runnable::run),
                new QueueParts(
                        mails,
                        outputs,
                        any -> Origin.COPY,
                        new RawMailQueueItemDecoratorFactory(),
                        new RecordingMetricFactory(),
                        new NoopGaugeRegistry(),
                        timer));
        context = new JamesMailetContext(null, new OneDomain(), null, queues);
        BaseHierarchicalConfiguration postmaster = new BaseHierarchicalConfiguration();
        postmaster.addProperty("postmaster", "postmaster@example.org");
        context.configure(postmaster);
        processor = new ChainMailProcessor(
                config -> {
                    Mailet named = mailets.get(config.getMailetName());
                    if (named == null) {
                        return mailetClasses.getMailet(config);
                    }
                    named.init(config);
                    return named;
                },
                config -> {
                    Matcher named = matchers.get(config.getMatcherName());
                    if (named == null) {
                        return matcherClasses.getMatcher(config);
                    }
                    named.init(config);
                    return named;
                },
                context,
                spool,
                outputs,
                repositories,
                events::add,
                new ChainSettings(
                        RetrySchedule.STANDARD, 50, lastResort, new Commits.Patience(3, Duration.ofMillis(1))));
    }

    private Object instance(Class<?> type) {
        try {
            if (type.getName().endsWith("Repository")) {
                return type.getConstructor(org.apache.james.mailrepository.api.MailRepositoryStore.class)
                        .newInstance(repositories);
            }
            for (Constructor<?> constructor : type.getDeclaredConstructors()) {
                if (List.of(constructor.getParameterTypes()).equals(List.of(DNSService.class))) {
                    constructor.setAccessible(true);
                    return constructor.newInstance(new NoDns());
                }
            }
            return type.getConstructor().newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException(type.getName(), e);
        }
    }

    private static final class UnwritableRepository extends MemoryMailRepository {
        @Override
        public MailKey store(Mail mail) {
            throw new IllegalStateException("read-only file system");
        }
    }

    /** What a mailet of the test does. */
    @FunctionalInterface
    interface Service {
        void service(Mail mail) throws Exception;
    }

    /** Whom a matcher of the test matches. */
    @FunctionalInterface
    interface Match {
        Collection<MailAddress> match(Mail mail) throws Exception;
    }

    TestChain mailet(String name, Service service) {
        mailets.put(name, new GenericMailet() {
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

    TestChain mailet(String name, Mailet mailet) {
        mailets.put(name, mailet);
        return this;
    }

    TestChain matcher(String name, Match match) {
        matchers.put(name, new GenericMatcher() {
            @Override
            public Collection<MailAddress> match(Mail mail) {
                return sneak(() -> match.match(mail));
            }
        });
        return this;
    }

    /** Mailets throw checked exceptions that their signature does not know, too. */
    private static <T> T sneak(Callable<T> call) {
        try {
            return call.call();
        } catch (Exception e) {
            throw TestChain.<RuntimeException>asUnchecked(e);
        }
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> RuntimeException asUnchecked(Exception e) throws E {
        throw (E) e;
    }

    TestChain start(String processors) throws Exception {
        processor.start(configuration(processors));
        return this;
    }

    static HierarchicalConfiguration<ImmutableNode> configuration(String processors) throws Exception {
        XMLConfiguration configuration = new XMLConfiguration();
        configuration.setListDelimiterHandler(new DisabledListDelimiterHandler());
        new FileHandler(configuration).load(new StringReader("<processors>" + processors + "</processors>"));
        return configuration;
    }

    /** The processor error as a home has it. */
    static final String KEEPING_ERROR = "<processor state=\"error\"><mailet match=\"All\" class=\"ToRepository\">"
            + "<repositoryPath>file://var/mail/error/</repositoryPath></mailet></processor>";

    static MailImpl mail(String... recipients) throws Exception {
        return mail("Subject: test\r\n\r\nHello\r\n".getBytes(ISO_8859_1), recipients);
    }

    static MailImpl mail(byte[] content, String... recipients) throws Exception {
        MailImpl mail = MailImpl.builder()
                .name("0123456789BCD")
                .sender("alice@example.org")
                .addRecipients(recipients)
                .build();
        mail.setMessageNoCopy(
                new MimeMessageWrapper(MimeMessageInputStreamSource.create("test", new ByteArrayInputStream(content))));
        return mail;
    }

    /** Accepts {@code mail} and runs it, and what comes of it at once. */
    void run(Mail mail) throws Exception {
        accept(mail);
        runDue();
    }

    /** As the server that receives does: one envelope for each recipient. */
    void accept(Mail mail) throws Exception {
        PendingMessage message = mails.write(spool, mail.getMessage());
        List<NewEnvelope> envelopes =
                mails.envelopes(mail, mails.stateOfWritten(mail), Stage.CHAIN, Instant.EPOCH).stream()
                        .map(NewEnvelope::accepted)
                        .toList();
        spool.commit(Changes.append(message, envelopes)).toCompletableFuture().get(20, TimeUnit.SECONDS);
        LifecycleUtil.dispose(mail);
    }

    /** Runs what is due until nothing is. */
    void runDue() {
        for (int round = 0; round < MOST_ROUNDS; round++) {
            List<Claim> claims = spool.claim(Stage.CHAIN, 100, LEASE);
            if (claims.isEmpty()) {
                return;
            }
            process(claims);
        }
        throw new AssertionError("the chain comes to no end");
    }

    private void process(List<Claim> claims) {
        processor.mails(claims).forEach(mail -> processor.process(mail, () -> false));
    }

    /** The envelopes that the chain has, those in work too. */
    List<Envelope> waiting() throws Exception {
        return in(Stage.CHAIN);
    }

    List<Envelope> in(Stage stage) throws Exception {
        return spool.browse(BrowseFilter.ALL.withStage(stage), Optional.empty(), 1000).entries().stream()
                .map(entry -> ((Page.Entry.Item) entry).envelope())
                .toList();
    }

    static List<String> forwardPaths(List<Envelope> envelopes) {
        return envelopes.stream()
                .map(envelope -> envelope.details().forwardPath())
                .toList();
    }

    /** The octets that an envelope stands for. */
    String octets(Envelope envelope) throws Exception {
        try (InputStream in = spool.content(envelope.message()).open()) {
            return MailState.of(envelope.details()).prefix() + new String(in.readAllBytes(), ISO_8859_1);
        }
    }

    /** Runs what waits, as if its time had come, and what comes of it at once. */
    void runWaiting() throws Exception {
        List<Claim> claims = new ArrayList<>();
        for (Envelope envelope : waiting()) {
            claims.add(spool.claim(envelope.id(), LEASE).orElseThrow());
        }
        if (claims.isEmpty()) {
            throw new AssertionError("no mail waits");
        }
        process(claims);
        runDue();
    }

    List<Mail> kept(String path) throws Exception {
        List<Mail> kept = new ArrayList<>();
        for (MailRepository repository :
                repositories.getByPath(MailRepositoryPath.from(path)).toList()) {
            for (Iterator<MailKey> keys = repository.list(); keys.hasNext(); ) {
                kept.add(repository.retrieve(keys.next()));
            }
        }
        return kept;
    }

    List<MailEvent> events(MailEventKind kind) {
        return events.stream().filter(event -> event.kind() == kind).toList();
    }

    static List<String> recipients(Mail mail) {
        return mail.getRecipients().stream().map(MailAddress::asString).toList();
    }

    @Override
    public void close() throws Exception {
        processor.stop();
        extensions.close();
        queues.close();
        timer.shutdownNow();
    }
}
