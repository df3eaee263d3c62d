package org.relais.distribution;

import com.google.inject.Guice;
import com.google.inject.Injector;
import com.google.inject.Module;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.relais.access.transport.TlsContext;
import org.relais.administration.http.AdministrationServer;
import org.relais.administration.http.BearerToken;
import org.relais.administration.http.EndpointFile;
import org.relais.administration.http.RouteTable;
import org.relais.administration.port.FirstUser;
import org.relais.administration.port.ListenerView;
import org.relais.administration.port.RunningServer;
import org.relais.chain.extension.ExtensionLoader;
import org.relais.chain.james.ChainMailProcessor;
import org.relais.chain.james.ChainSpooler;
import org.relais.configuration.home.Home;
import org.relais.configuration.settings.RelaisSettings;
import org.relais.distribution.administration.AdministrationRoutes;
import org.relais.distribution.administration.ListenerViews;
import org.relais.distribution.chain.ChainFile;
import org.relais.distribution.chain.ChainModule;
import org.relais.distribution.chain.LoudMailetContext;
import org.relais.distribution.chain.MailetServicesModule;
import org.relais.distribution.delivery.DeliveryMapping;
import org.relais.distribution.delivery.DeliveryModule;
import org.relais.distribution.delivery.OutgoingDelivery;
import org.relais.distribution.foundation.ConfiguredDns;
import org.relais.distribution.foundation.DirectoryModule;
import org.relais.distribution.foundation.EventsModule;
import org.relais.distribution.foundation.HomeModule;
import org.relais.distribution.listener.ListenerHooks;
import org.relais.distribution.listener.ListenerModule;
import org.relais.distribution.listener.Listeners;
import org.relais.distribution.mailbox.MemoryMailboxModule;
import org.relais.distribution.spool.OpenSpool;
import org.relais.distribution.spool.SpoolMapping;
import org.relais.distribution.spool.SpoolModule;
import org.relais.spool.james.SpoolMailQueueFactory;
import org.relais.spool.james.SpoolMailRepositoryStore;
import org.relais.store.directory.DirectoryFile;

/**
 * A whole server in this process, assembled from a home and its checked settings.
 *
 * <p>What it starts, in this order: the spool, DNS, listeners of mailbox changes, the chain, delivery, the spooler, the
 * mail listeners, the administration. It stops in reverse, so that a session may end its transaction while the chain still runs. Several
 * servers may live in one process, each on a home of its own. Start and close it from one thread.
 */
public final class RelaisServer implements RunningServer {
    private final Lifecycle lifecycle = new Lifecycle();
    private final Injector injector;
    private final RelaisSettings settings;
    private InetSocketAddress administration = new InetSocketAddress(0);

    private RelaisServer(Injector injector, RelaisSettings settings) {
        this.injector = injector;
        this.settings = settings;
    }

    /**
     * Starts it; when this throws, nothing of it runs.
     *
     * @param firstUser made, if the home is new, before a listener is open
     * @param requestStop what {@code relais stop} asks for; returns at once
     */
    public static RelaisServer start(Home home, RelaisSettings settings, FirstUser firstUser, Runnable requestStop)
            throws Exception {
        ExtensionLoader extensions = ExtensionLoader.of(home.extensions(), RelaisServer.class.getClassLoader());
        OpenSpool spool = OpenSpool.of(SpoolMapping.of(home, settings.spool()), Clock.systemUTC());
        RelaisServer server;
        try {
            server = new RelaisServer(Guice.createInjector(modules(home, settings, extensions, spool)), settings);
        } catch (IOException | RuntimeException e) {
            spool.close();
            throw e;
        }
        server.lifecycle.start("extensions", () -> {}, extensions::close);
        server.lifecycle.start("spool", () -> {}, spool::close);
        server.startParts(home, firstUser, requestStop);
        return server;
    }

    /** What a server is made of; reads certificate, directory and credentials, and starts nothing. */
    static List<Module> modules(Home home, RelaisSettings settings, ExtensionLoader extensions, OpenSpool spool)
            throws IOException {
        DirectoryFile directory = DirectoryFile.open(home.data().resolve("directory.json"));
        TlsContext tls =
                new TlsContext(settings.tls().certificate(), settings.tls().key());
        return List.of(
                new EventsModule(),
                new HomeModule(home, settings),
                new DirectoryModule(directory, settings.hostname()),
                new MemoryMailboxModule(),
                new SpoolModule(spool),
                new ChainModule(extensions),
                new DeliveryModule(DeliveryMapping.relay(settings)),
                new MailetServicesModule(),
                new ListenerModule(tls, extensions));
    }

    private void startParts(Home home, FirstUser firstUser, Runnable requestStop) throws Exception {
        AdministrationRoutes routes = injector.getInstance(AdministrationRoutes.class);
        lifecycle.start("DNS", injector.getInstance(ConfiguredDns.class)::start, () -> {});
        lifecycle.start(
                "mailbox listeners", injector.getInstance(MemoryMailboxModule.Listeners.class)::register, () -> {});
        lifecycle.start(
                "first user",
                () -> firstUser.makeIfNew(
                        routes.accounts().domains(), routes.accounts().users()),
                () -> {});
        startChain(home);
        Listeners listeners = injector.getInstance(Listeners.class);
        ListenerHooks hooks = injector.getInstance(ListenerHooks.class);
        lifecycle.start("hooks", hooks::load, hooks::close);
        lifecycle.start("listeners", listeners::open, listeners::close);
        startAdministration(home, routes, requestStop);
    }

    private void startChain(Home home) throws Exception {
        ChainFile file = ChainFile.read(home.chainXml());
        LoudMailetContext context = injector.getInstance(LoudMailetContext.class);
        lifecycle.start("queues", () -> {}, injector.getInstance(SpoolMailQueueFactory.class)::close);
        lifecycle.start("repositories", () -> {}, injector.getInstance(SpoolMailRepositoryStore.class)::close);
        lifecycle.start("mailet context", () -> context.configure(file.context(settings.domain())), context::dispose);
        ChainMailProcessor chain = injector.getInstance(ChainMailProcessor.class);
        lifecycle.start("chain", () -> chain.start(file.processors()), chain::stop);
        OutgoingDelivery delivery = injector.getInstance(OutgoingDelivery.class);
        lifecycle.start("delivery", delivery::start, delivery::stop);
        ChainSpooler spooler = injector.getInstance(ChainSpooler.class);
        lifecycle.start("spooler", spooler::start, spooler::stop);
    }

    private void startAdministration(Home home, AdministrationRoutes routes, Runnable requestStop) throws Exception {
        RouteTable table = routes.table(home, this, requestStop);
        AdministrationServer[] started = new AdministrationServer[1];
        InetSocketAddress wanted = new InetSocketAddress(
                settings.administration().address(), settings.administration().port());
        lifecycle.start(
                "administration",
                () -> started[0] = AdministrationServer.start(
                        wanted, EndpointFile.in(home.data()), new BearerToken(home.token()), table),
                () -> started[0].close());
        administration = started[0].address();
    }

    @Override
    public List<ListenerView> listeners() {
        List<ListenerView> views = new ArrayList<>(
                ListenerViews.of(injector.getInstance(Listeners.class).bound()));
        views.add(ListenerViews.administration(administration));
        return views;
    }

    @Override
    public void close() {
        lifecycle.close();
    }
}
