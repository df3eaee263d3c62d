package org.relais.distribution.administration;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import javax.inject.Inject;
import org.apache.james.queue.api.MailQueue;
import org.apache.james.queue.api.MailQueue.MailQueueException;
import org.apache.james.queue.api.MailQueueFactory;
import org.apache.james.queue.api.MailQueueName;
import org.apache.james.queue.api.ManageableMailQueue;
import org.relais.administration.port.ListenerView;
import org.relais.administration.port.RunningServer;
import org.relais.administration.port.ServerStatus;
import org.relais.administration.port.ServerStatus.Component;
import org.relais.administration.port.ServerStatus.Health;
import org.relais.configuration.home.Home;
import org.relais.spool.Spool;
import org.relais.spool.james.SpoolMailQueueFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the server says of itself: its listeners, the mails that wait in all its queues, and what is short. */
public final class HealthStatus {
    private static final Logger LOGGER = LoggerFactory.getLogger(HealthStatus.class);

    private static final long MEBIBYTE = 1 << 20;
    private static final long DEGRADED_BELOW = 1024 * MEBIBYTE;
    private static final long UNHEALTHY_BELOW = 64 * MEBIBYTE;

    private static final Set<MailQueueName> IN_THE_SPOOL =
            Set.of(MailQueueFactory.SPOOL, SpoolMailQueueFactory.OUTGOING);

    private final MailQueueFactory<?> queues;
    private final Spool spool;
    private final Home home;

    @Inject
    HealthStatus(MailQueueFactory<?> queues, Spool spool, Home home) {
        this.queues = queues;
        this.spool = spool;
        this.home = home;
    }

    ServerStatus of(RunningServer server) {
        return new ServerStatus() {
            @Override
            public List<ListenerView> listeners() {
                return server.listeners();
            }

            @Override
            public OptionalLong queueSize() {
                return waiting();
            }

            @Override
            public List<Component> components() {
                return List.of(queueHealth(), SpoolHealth.of(spool), diskHealth());
            }
        };
    }

    private Component queueHealth() {
        return ofPlugins().isPresent()
                ? new Component("queues", Health.HEALTHY, "")
                : new Component("queues", Health.UNHEALTHY, "the queues do not tell their size, see log/relais.log");
    }

    private Component diskHealth() {
        try {
            long free = Files.getFileStore(home.data()).getUsableSpace();
            String detail = free / MEBIBYTE + " MiB are free in " + home.data();
            if (free < UNHEALTHY_BELOW) {
                return new Component("disk", Health.UNHEALTHY, detail);
            }
            return new Component("disk", free < DEGRADED_BELOW ? Health.DEGRADED : Health.HEALTHY, detail);
        } catch (IOException e) {
            LOGGER.error("the free space of {} cannot be told", home.data(), e);
            return new Component("disk", Health.UNHEALTHY, "the free space of " + home.data() + " cannot be told");
        }
    }

    private OptionalLong waiting() {
        OptionalLong ofPlugins = ofPlugins();
        return ofPlugins.isPresent()
                ? OptionalLong.of(ofPlugins.getAsLong() + spool.status().envelopes())
                : ofPlugins;
    }

    /** The queues of their own that plug-ins made. */
    private OptionalLong ofPlugins() {
        long mails = 0;
        for (MailQueueName name : queues.listCreatedMailQueues()) {
            if (IN_THE_SPOOL.contains(name)) {
                continue;
            }
            MailQueue queue = queues.getQueue(name).orElseThrow();
            if (queue instanceof ManageableMailQueue manageable) {
                try {
                    mails += manageable.getSize();
                } catch (MailQueueException e) {
                    LOGGER.error("the queue {} does not tell its size", name, e);
                    return OptionalLong.empty();
                }
            }
        }
        return OptionalLong.of(mails);
    }
}
