package org.relais.access.listener;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.james.core.Domain;
import org.apache.james.core.Username;
import org.apache.james.domainlist.lib.DomainListConfiguration;
import org.apache.james.domainlist.memory.MemoryDomainList;
import org.apache.james.protocols.api.handler.ProtocolHandler;
import org.apache.james.rrt.api.RecipientRewriteTableConfiguration;
import org.apache.james.rrt.lib.MappingSource;
import org.apache.james.rrt.memory.MemoryRecipientRewriteTable;
import org.apache.james.user.memory.MemoryUsersRepository;
import org.relais.access.smtp.MailPath;
import org.relais.access.smtp.Recipients;
import org.relais.access.smtp.Role;
import org.relais.access.smtp.SmtpOptions;
import org.relais.access.smtp.SmtpServices;
import org.relais.access.smtp.james.JamesAuthenticator;
import org.relais.access.smtp.james.JamesRecipients;
import org.relais.access.smtp.james.hooks.JamesHooks;
import org.relais.access.smtp.spool.SpoolIntake;
import org.relais.access.transport.ListenException;
import org.relais.access.transport.ListenerOptions;
import org.relais.access.transport.ListenerTransport;
import org.relais.access.transport.Network;
import org.relais.access.transport.TlsContext;
import org.relais.access.transport.TlsMode;
import org.relais.model.QueueId;
import org.relais.model.QueueIdGenerator;
import org.relais.model.event.MailEvent;
import org.relais.spool.Spool;
import org.relais.spool.SpoolException;
import org.relais.spool.james.SpoolMails;
import org.relais.spool.memory.InMemorySpool;

/** Listeners on free ports of loopback over James's memory directory and a spool of which the test decides what it does. */
final class Receiving implements AutoCloseable {
    final ListenerTransport transport = new ListenerTransport(2, 4);
    final TlsContext tls;
    final Spool spool;
    /** Those that checked passwords. */
    final List<String> threads = new CopyOnWriteArrayList<>();

    final List<MailEvent> events = new CopyOnWriteArrayList<>();
    private SmtpServices services;
    private final JamesRecipients directory;
    private volatile Function<MailPath, Recipients.Standing> lookUp;

    private boolean lookUpsMayBlock;
    private Duration patience = Duration.ofMinutes(1);
    private ListenerOptions.ListenerLimits limits =
            new ListenerOptions.ListenerLimits(50, 40, Duration.ofMinutes(5), 100_000);
    private List<Network> proxyFrom = List.of();
    private List<Network> relayFrom = List.of();

    /** @param tls may be used by several */
    Receiving(TlsContext tls) throws Exception {
        this(tls, new InMemorySpool(Clock.systemUTC()));
    }

    Receiving(TlsContext tls, Spool spool) throws Exception {
        this.tls = tls;
        this.spool = spool;
        MemoryDomainList domains = new MemoryDomainList(null);
        domains.configure(DomainListConfiguration.builder()
                .autoDetect(false)
                .autoDetectIp(false)
                .build());
        domains.addDomain(Domain.of("example.org"));
        MemoryUsersRepository users = MemoryUsersRepository.withVirtualHosting(domains);
        users.addUser(Username.of("alice@example.org"), "wonderland");
        users.addUser(Username.of("bob@example.org"), "builder");
        MemoryRecipientRewriteTable rewriting = new MemoryRecipientRewriteTable();
        rewriting.setConfiguration(RecipientRewriteTableConfiguration.DEFAULT_ENABLED);
        rewriting.setDomainList(domains);
        rewriting.setUsersRepository(users);
        rewriting.addAddressMapping(MappingSource.fromUser("info", Domain.of("example.org")), "bob@example.org");
        directory = JamesRecipients.inMemory(users, domains, rewriting);
        lookUp = directory::standingOf;
        JamesAuthenticator passwords = new JamesAuthenticator(users);
        services = new SmtpServices(
                new Recipients() {
                    @Override
                    public boolean mayBlock() {
                        return lookUpsMayBlock;
                    }

                    @Override
                    public boolean isUsable(MailPath path) {
                        return directory.isUsable(path);
                    }

                    @Override
                    public Standing standingOf(MailPath path) {
                        return lookUp.apply(path);
                    }
                },
                (name, password) -> {
                    threads.add(Thread.currentThread().getName());
                    return passwords.authenticate(name, password);
                },
                new SpoolIntake(spool),
                events::add,
                new QueueIdGenerator(Clock.systemUTC()),
                Clock.systemUTC());
    }

    Receiving limits(ListenerOptions.ListenerLimits changed) {
        limits = changed;
        return this;
    }

    Receiving patience(Duration changed) {
        patience = changed;
        return this;
    }

    /** For listeners that are made from now on. */
    Receiving hooks(ProtocolHandler... hooks) {
        services = services.with(new JamesHooks(List.of(hooks), spool, new SpoolMails(QueueId::new)));
        return this;
    }

    /** Runs before each look-up of a recipient, and may block. */
    Receiving beforeLookUp(Consumer<MailPath> step) {
        lookUpsMayBlock = true;
        lookUp = path -> {
            step.accept(path);
            return directory.standingOf(path);
        };
        return this;
    }

    Receiving proxyFrom(String network) {
        proxyFrom = List.of(Network.parse(network));
        return this;
    }

    Receiving relayFrom(String network) {
        relayFrom = List.of(Network.parse(network));
        return this;
    }

    SmtpListener listen(Role role, TlsMode mode) throws ListenException {
        return listen(role, mode, 0);
    }

    SmtpListener listen(Role role, TlsMode mode, int port) throws ListenException {
        SmtpListener listener = new SmtpListener(
                transport,
                new SmtpConnection.Parts(
                        new ListenerOptions(
                                role.word(),
                                InetAddress.getLoopbackAddress(),
                                port,
                                mode,
                                proxyFrom,
                                "mx.example.org",
                                limits),
                        new SmtpOptions(
                                role,
                                "mx.example.org",
                                mode == TlsMode.STARTTLS,
                                relayFrom,
                                "postmaster@example.org",
                                false,
                                limits.messageOctets(),
                                100,
                                20),
                        services,
                        tls,
                        patience));
        listener.start();
        return listener;
    }

    InetSocketAddress port(Role role, TlsMode mode) throws ListenException {
        return listen(role, mode).address();
    }

    List<SpooledMail> mails() throws SpoolException {
        return SpooledMail.in(spool);
    }

    @Override
    public void close() throws Exception {
        transport.close();
        spool.close();
    }
}
