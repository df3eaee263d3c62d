package org.relais.distribution.delivery;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.relais.configuration.settings.RelaisSettings;
import org.relais.delivery.control.DeliveryControl;
import org.relais.delivery.engine.Deliveries;
import org.relais.delivery.engine.DeliveryEngine;
import org.relais.delivery.engine.Notices;
import org.relais.delivery.route.RoutedNextHops;
import org.relais.delivery.schedule.DestinationState;
import org.relais.delivery.schedule.FairDeliverySchedule;
import org.relais.dns.CachedDns;
import org.relais.model.event.MailEvents;
import org.relais.smtpclient.SmtpClient;
import org.relais.smtpclient.netty.NettySmtpClient;
import org.relais.smtpclient.netty.PeerTrust;
import org.relais.spool.Spool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The delivery to other hosts with all it stands on: DNS, connections, threads. Started once, when the chain has
 * registered its deliveries, and stopped before the chain. Safe for use by many threads.
 */
public final class OutgoingDelivery {
    private static final Logger LOGGER = LoggerFactory.getLogger(OutgoingDelivery.class);
    private static final Duration CLOSE = Duration.ofSeconds(2);
    private static final int READERS = 2;
    private static final int MOST_BLOCKING = 32;

    private final EventLoopGroup loops;
    private final ThreadPoolExecutor blocking;
    private final SmtpClient client;
    private final CachedDns dns;
    private final DeliveryEngine engine;

    /** @throws IOException if this machine's addresses cannot be listed */
    OutgoingDelivery(
            RelaisSettings settings,
            Spool spool,
            Deliveries deliveries,
            DeliveryControl control,
            Notices notices,
            MailEvents events,
            Duration drain)
            throws IOException {
        int cores = Runtime.getRuntime().availableProcessors();
        this.loops = new NioEventLoopGroup(Math.max(1, Math.min(8, cores / 2)), new DefaultThreadFactory("relais-out"));
        this.blocking = new ThreadPoolExecutor(
                MOST_BLOCKING,
                MOST_BLOCKING,
                30,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                new DefaultThreadFactory("relais-out-disk"));
        blocking.allowCoreThreadTimeOut(true);
        this.client = new NettySmtpClient(
                DeliveryMapping.client(settings), loops, blocking, System::nanoTime, new PeerTrust(null));
        this.dns = new CachedDns(RouteMapping.dns(settings), System::nanoTime, blocking);
        this.engine = new DeliveryEngine(new DeliveryEngine.Parts(
                spool,
                client,
                new RoutedNextHops(dns, RouteMapping.self(settings), new SecureRandom()),
                new FairDeliverySchedule<>(DeliveryMapping.schedule(settings), spool::now, this::decided),
                deliveries,
                control,
                notices,
                events,
                new DefaultThreadFactory("relais-delivery"),
                READERS,
                drain));
    }

    private void decided(String destination, String text, Optional<Instant> until) {
        LOGGER.info(
                "destination {}: {}{}",
                destination,
                text,
                until.map(at -> ", until " + at).orElse(""));
    }

    public void start() {
        engine.start();
    }

    public List<DestinationState> destinations() {
        return engine.destinations();
    }

    /** To be called when an order has ended. */
    public void ordersChanged() {
        engine.ordersChanged();
    }

    /** Returns within the drain bound and a few seconds. */
    public void stop() {
        engine.stop();
        client.close();
        dns.close();
        loops.shutdownGracefully(0, CLOSE.toMillis(), TimeUnit.MILLISECONDS).awaitUninterruptibly(CLOSE.toMillis());
        shutDown(blocking);
    }

    private static void shutDown(ExecutorService executor) {
        executor.shutdownNow();
        try {
            if (!executor.awaitTermination(CLOSE.toMillis(), TimeUnit.MILLISECONDS)) {
                LOGGER.warn("threads that read contents did not end within {}", CLOSE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
