package org.relais.mailets.delivery;

import io.netty.channel.nio.NioEventLoopGroup;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.relais.chain.james.NamedThreads;
import org.relais.delivery.control.ControlFile;
import org.relais.delivery.control.DeliveryControl;
import org.relais.delivery.dsn.DsnSettings;
import org.relais.delivery.engine.Deliveries;
import org.relais.delivery.engine.DeliveryEngine;
import org.relais.delivery.engine.Notices;
import org.relais.delivery.engine.Retries;
import org.relais.delivery.route.Route;
import org.relais.delivery.route.RoutedNextHops;
import org.relais.delivery.route.Self;
import org.relais.delivery.schedule.FairDeliverySchedule;
import org.relais.delivery.schedule.SchedulePolicy;
import org.relais.model.QueueIdGenerator;
import org.relais.model.event.MailEvents;
import org.relais.smtpclient.ClientSettings;
import org.relais.smtpclient.Credentials;
import org.relais.smtpclient.Protocol;
import org.relais.smtpclient.SmtpClient;
import org.relais.smtpclient.TlsPolicy;
import org.relais.smtpclient.netty.NettySmtpClient;
import org.relais.smtpclient.netty.PeerTrust;
import org.relais.spool.Spool;

/** The delivery engine as it ships, over real connections, with the DNS of the test. */
public final class TestEngine implements AutoCloseable {
    private static final Duration DRAIN = Duration.ofSeconds(5);

    private final NioEventLoopGroup loops = new NioEventLoopGroup(1, new NamedThreads("out"));
    private final ExecutorService readers = Executors.newCachedThreadPool(new NamedThreads("out-reader"));
    private final SmtpClient client =
            new NettySmtpClient(ClientSettings.STANDARD, loops, readers, System::nanoTime, new PeerTrust(null));
    private final Deliveries deliveries = new Deliveries();
    private final Spool spool;
    private final FixedDns dns;
    private final MailEvents events;
    private final DeliveryControl control;
    private @Nullable DeliveryEngine engine;

    public TestEngine(Spool spool, FixedDns dns, MailEvents events) {
        this.spool = spool;
        this.dns = dns;
        this.events = events;
        try {
            this.control = DeliveryControl.open(
                    new ControlFile(Files.createTempDirectory("control").resolve("delivery.json")), spool::now);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Deliveries deliveries() {
        return deliveries;
    }

    /** Anew each time, as after a start of the server. */
    public void start() {
        engine = new DeliveryEngine(new DeliveryEngine.Parts(
                spool,
                client,
                new RoutedNextHops(dns.names(), new Self(Set.of(), Set.of(), true), new SecureRandom()),
                new FairDeliverySchedule<>(
                        SchedulePolicy.standard(ZoneOffset.UTC), spool::now, (destination, text, until) -> {}),
                deliveries,
                control,
                new Notices(
                        new DsnSettings("relay.example.org", "postmaster@example.org", Locale.ENGLISH, 50_000),
                        Duration.ofHours(4),
                        new QueueIdGenerator(spool::now)),
                events,
                new NamedThreads("delivery"),
                2,
                DRAIN));
        engine.start();
    }

    public void stop() {
        if (engine != null) {
            engine.stop();
            engine = null;
        }
    }

    public int running() {
        return engine == null ? 0 : engine.running();
    }

    @Override
    public void close() {
        stop();
        client.close();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(DRAIN.toMillis());
        readers.shutdownNow();
    }

    /** By MX on that port. */
    public static Route byMx(int port) {
        return route(List.of(), port, TlsPolicy.OPPORTUNISTIC, Optional.empty());
    }

    public static Route smartHost(int... ports) {
        return smartHost(TlsPolicy.OPPORTUNISTIC, Optional.empty(), ports);
    }

    static Route smartHost(TlsPolicy tls, Optional<Credentials> credentials, int... ports) {
        List<Route.Host> hosts = Arrays.stream(ports)
                .mapToObj(port -> new Route.Host("127.0.0.1", port))
                .toList();
        return route(hosts, 25, tls, credentials);
    }

    private static Route route(List<Route.Host> via, int port, TlsPolicy tls, Optional<Credentials> credentials) {
        return new Route(
                "test",
                via,
                false,
                port,
                Protocol.SMTP,
                tls,
                credentials,
                "relay.example.org",
                Optional.empty(),
                false);
    }

    /** One route and one delay for all. */
    public static RelaySettings settings(Route route) {
        return settings(route, (domain, outcome, attempts, age) -> Optional.of(Duration.ofMinutes(5)));
    }

    static RelaySettings settings(Route route, Retries retries) {
        return new RelaySettings((reversePath, forwardPath) -> route, retries, "relay.example.org");
    }
}
