package org.relais.administration.fake;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.relais.administration.http.AdministrationServer;
import org.relais.administration.http.BearerToken;
import org.relais.administration.http.EndpointFile;
import org.relais.administration.http.RouteTable;
import org.relais.administration.port.FirstUser;
import org.relais.administration.port.ListenerView;
import org.relais.administration.port.Refusal;
import org.relais.administration.port.RunningServer;
import org.relais.administration.port.ServerIdentity;
import org.relais.administration.port.ServerLauncher;
import org.relais.administration.port.ServerStatus;
import org.relais.administration.port.StartException;
import org.relais.administration.port.TlsAdministration;
import org.relais.administration.rest.AccountRoutes;
import org.relais.administration.rest.ConfigurationRoutes;
import org.relais.administration.rest.DeliveryRoutes;
import org.relais.administration.rest.QueueRoutes;
import org.relais.administration.rest.ServerRoutes;
import org.relais.administration.rest.TlsRoutes;
import org.relais.configuration.home.Home;
import org.relais.configuration.home.HomeException;
import org.relais.configuration.settings.RelaisSettings;

/** A server with the real administration over real sockets, and nothing behind it but maps. */
public final class FakeServer implements ServerLauncher, ServerStatus, TlsAdministration {
    public final InMemoryAccounts accounts = new InMemoryAccounts();
    public final InMemoryQueue queue = new InMemoryQueue();
    public final InMemoryDelivery delivery = new InMemoryDelivery();
    public volatile List<ListenerView> listeners =
            List.of(new ListenerView("smtp", "127.0.0.1", 10025, ListenerView.Tls.STARTTLS));
    public volatile Health health = Health.HEALTHY;
    public volatile boolean isReloadable = true;
    public volatile boolean isClosed;
    public volatile boolean failsOnce;
    public volatile List<X509Certificate> chain = List.of();

    @Override
    public RunningServer start(Home home, RelaisSettings settings, FirstUser firstUser, Runnable requestStop)
            throws StartException {
        try {
            firstUser.makeIfNew(accounts.domains(), accounts.users());
            if (failsOnce) {
                failsOnce = false;
                throw new IOException("as the test wants");
            }
            var routes = routes(home, requestStop);
            var address = new InetSocketAddress(
                    settings.administration().address(),
                    settings.administration().port());
            var server = AdministrationServer.start(
                    address, EndpointFile.in(home.data()), new BearerToken(home.token()), routes);
            return running(server);
        } catch (IOException | HomeException | Refusal e) {
            throw new StartException(String.valueOf(e.getMessage()), "look", e);
        }
    }

    public RouteTable routes(Home home, Runnable requestStop) {
        var started = Instant.parse("2026-11-23T06:00:00Z");
        var identity = new ServerIdentity("1.2.3", home.root(), 4711, started);
        var builder = new RouteTable.Builder();
        new AccountRoutes(accounts.domains(), accounts.users(), accounts.aliases()).addTo(builder);
        new ServerRoutes(
                        identity,
                        this,
                        () -> "relais_up 1\n",
                        requestStop,
                        InstantSource.fixed(started.plusSeconds(3_725)))
                .addTo(builder);
        new QueueRoutes(queue).addTo(builder);
        new DeliveryRoutes(delivery, InstantSource.fixed(InMemoryQueue.NOW)).addTo(builder);
        new TlsRoutes(this).addTo(builder);
        new ConfigurationRoutes(() -> Map.of("hostname", "mx.example.org")).addTo(builder);
        return builder.build();
    }

    private RunningServer running(AdministrationServer server) {
        return new RunningServer() {
            @Override
            public List<ListenerView> listeners() {
                return listeners;
            }

            @Override
            public void close() {
                server.close();
                isClosed = true;
            }
        };
    }

    @Override
    public List<ListenerView> listeners() {
        return listeners;
    }

    @Override
    public OptionalLong queueSize() {
        return OptionalLong.of(3);
    }

    @Override
    public List<Component> components() {
        return List.of(new Component("spool", health, "the inner detail"));
    }

    @Override
    public List<X509Certificate> chain() {
        return chain;
    }

    @Override
    public void reload() throws Refusal {
        if (!isReloadable) {
            throw new Refusal(Refusal.Kind.CONFLICT, "the key is not the certificate's", "put its own key there");
        }
    }
}
