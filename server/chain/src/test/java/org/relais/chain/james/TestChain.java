package org.relais.chain.james;

import java.io.ByteArrayInputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.apache.commons.configuration2.BaseHierarchicalConfiguration;
import org.apache.commons.configuration2.HierarchicalConfiguration;
import org.apache.commons.configuration2.XMLConfiguration;
import org.apache.commons.configuration2.convert.DisabledListDelimiterHandler;
import org.apache.commons.configuration2.io.FileHandler;
import org.apache.commons.configuration2.tree.ImmutableNode;
import org.apache.james.core.MailAddress;
import org.apache.james.mailetcontainer.impl.JamesMailetContext;
import org.apache.james.mailrepository.api.MailKey;
import org.apache.james.mailrepository.api.MailRepository;
import org.apache.james.mailrepository.api.MailRepositoryUrl;
import org.apache.james.mailrepository.api.Protocol;
import org.apache.james.mailrepository.memory.MailRepositoryStoreConfiguration;
import org.apache.james.mailrepository.memory.MemoryMailRepository;
import org.apache.james.mailrepository.memory.MemoryMailRepositoryStore;
import org.apache.james.mailrepository.memory.MemoryMailRepositoryUrlStore;
import org.apache.james.mailrepository.memory.SimpleMailRepositoryLoader;
import org.apache.james.queue.api.MailQueueFactory;
import org.apache.james.queue.api.ManageableMailQueue;
import org.apache.james.queue.api.RawMailQueueItemDecoratorFactory;
import org.apache.james.queue.memory.MemoryMailQueueFactory;
import org.apache.james.server.core.MailImpl;
import org.apache.james.server.core.MimeMessageInputStreamSource;
import org.apache.james.server.core.MimeMessageWrapper;
import org.apache.mailet.Mail;
import org.apache.mailet.Mailet;
import org.apache.mailet.Matcher;
import org.apache.mailet.base.GenericMailet;
import org.apache.mailet.base.GenericMatcher;
import org.relais.chain.extension.ExtensionLoader;
import org.relais.model.QueueIdGenerator;
import org.relais.model.event.MailEvent;
import org.relais.model.event.MailEventKind;

/**
 * A chain over James's memory queue and repositories. Mailets and matchers written in the test go by the names the test
 * gives them; all others are looked up as in a home.
 */
final class TestChain implements AutoCloseable {
    final TestClock clock = new TestClock();
    final List<MailEvent> events = new CopyOnWriteArrayList<>();
    final MemoryMailQueueFactory queues;
    final ByPathMailRepositoryStore repositories;
    final ChainMailProcessor processor;
    private final Map<String, Mailet> mailets = new HashMap<>();
    private final Map<String, Matcher> matchers = new HashMap<>();
    private final ExtensionLoader extensions;

    TestChain() throws Exception {
        this(memory -> memory, MailRepositoryUrl.from("memory://var/mail/error"));
    }

    /** {@code queuesOfChain} makes the chain's queues from James's; {@code lastResort} is where it keeps mails. */
    TestChain(UnaryOperator<MailQueueFactory<?>> queuesOfChain, MailRepositoryUrl lastResort) throws Exception {
        queues = new MemoryMailQueueFactory(new RawMailQueueItemDecoratorFactory(), clock);
        // Held, so that the memory queue does not forget its mails when the chain stops.
        queues.createQueue(MailQueueFactory.SPOOL);
        MemoryMailRepositoryStore memory = new MemoryMailRepositoryStore(
                new MemoryMailRepositoryUrlStore(),
                (type, url) -> url.getPath().asString().equals("unwritable")
                        ? new UnwritableRepository()
                        : new SimpleMailRepositoryLoader().load(type, url),
                MailRepositoryStoreConfiguration.forItems(new MailRepositoryStoreConfiguration.Item(
                        List.of(new Protocol("memory")),
                        MemoryMailRepository.class.getName(),
                        new BaseHierarchicalConfiguration())));
        memory.init();
        repositories = new ByPathMailRepositoryStore(memory, new Protocol("memory"));
        extensions =
                ExtensionLoader.of(Path.of("target/no-extensions"), getClass().getClassLoader());
        ClassMailetLoader mailetClasses = new ClassMailetLoader(extensions, this::instance);
        ClassMatcherLoader matcherClasses = new ClassMatcherLoader(extensions, this::instance);
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
                new JamesMailetContext(null, null, null, queues),
                queuesOfChain.apply(queues),
                repositories,
                events::add,
                clock,
                new QueueIdGenerator(clock),
                ChainSettings.standard(lastResort));
    }

    private Object instance(Class<?> type) {
        try {
            if (type.getName().endsWith("Repository")) {
                return type.getConstructor(org.apache.james.mailrepository.api.MailRepositoryStore.class)
                        .newInstance(repositories);
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
        return mail("Subject: test\r\n\r\nHello\r\n".getBytes(StandardCharsets.ISO_8859_1), recipients);
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

    void run(Mail mail) throws Exception {
        processor.service(mail);
    }

    /** The mails that wait in the spool, with their delays. */
    List<ManageableMailQueue.MailQueueItemView> waiting() throws Exception {
        List<ManageableMailQueue.MailQueueItemView> waiting = new ArrayList<>();
        MemoryMailQueueFactory.MemoryCacheableMailQueue spool = queues.createQueue(MailQueueFactory.SPOOL);
        spool.browse().forEachRemaining(waiting::add);
        spool.close();
        return waiting;
    }

    /** Runs the one mail that waits, as if its time had come. */
    void runWaiting() throws Exception {
        List<ManageableMailQueue.MailQueueItemView> waiting = waiting();
        if (waiting.size() != 1) {
            throw new AssertionError("not one mail waits but " + waiting.size());
        }
        Mail mail = waiting.get(0).getMail();
        queues.createQueue(MailQueueFactory.SPOOL).remove(ManageableMailQueue.Type.Name, mail.getName());
        run(mail);
    }

    List<Mail> kept(String path) throws Exception {
        MailRepository repository = repositories.select(MailRepositoryUrl.from("memory://" + path));
        List<Mail> kept = new ArrayList<>();
        for (Iterator<MailKey> keys = repository.list(); keys.hasNext(); ) {
            kept.add(repository.retrieve(keys.next()));
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
    }
}
