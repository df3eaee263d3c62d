package org.relais.spool.james;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.apache.james.queue.api.MailQueueFactory;
import org.apache.james.queue.api.MailQueueName;
import org.apache.james.queue.api.ManageableMailQueue;
import org.relais.spool.Spool;
import org.relais.spool.SpoolException;

/**
 * James's queues over spools: {@code spool} is the chain's stage of the server's spool, {@code outgoing} a view of its
 * delivery stage, and any other name a spool of its own, which is opened on first use and is there again after a
 * restart. Safe for use by many threads.
 */
public final class SpoolMailQueueFactory implements MailQueueFactory<ManageableMailQueue>, AutoCloseable {
    public static final MailQueueName OUTGOING = MailQueueName.of("outgoing");

    private final Spool server;
    private final SpoolDirectories own;
    private final QueueParts parts;
    private final ClaimKeeper keeper;
    private final Map<MailQueueName, ManageableMailQueue> queues = new ConcurrentHashMap<>();

    /** @param own the spools of all other queues; closed with the factory */
    public SpoolMailQueueFactory(Spool server, SpoolDirectories own, QueueParts parts) {
        this.server = server;
        this.own = own;
        this.parts = parts;
        this.keeper = new ClaimKeeper(parts.timer());
    }

    @Override
    public Optional<ManageableMailQueue> getQueue(MailQueueName name, PrefetchCount count) {
        return listCreatedMailQueues().contains(name) ? Optional.of(createQueue(name, count)) : Optional.empty();
    }

    /** {@code count} is not needed: a mail is taken from the spool when it is asked for. */
    @Override
    public ManageableMailQueue createQueue(MailQueueName name, PrefetchCount count) {
        return queues.computeIfAbsent(name, this::make);
    }

    private ManageableMailQueue make(MailQueueName name) {
        if (name.equals(SPOOL)) {
            return SpoolMailQueue.ofServer(name, server, parts, keeper);
        }
        if (name.equals(OUTGOING)) {
            return new OutgoingMailQueue(name, server, parts.mails(), parts.gauges());
        }
        try {
            return SpoolMailQueue.ofOwn(name, own.open(name.asString()), parts, keeper);
        } catch (SpoolException e) {
            throw new IllegalStateException("cannot open the queue " + name.asString(), e);
        }
    }

    @Override
    public Set<MailQueueName> listCreatedMailQueues() {
        try {
            Set<MailQueueName> names =
                    own.names().stream().map(MailQueueName::of).collect(Collectors.toSet());
            names.addAll(queues.keySet());
            return names;
        } catch (SpoolException e) {
            throw new IllegalStateException("cannot list the queues", e);
        }
    }

    /** Gives back what is out and closes the queues' own spools; the server's is not closed here. */
    @Override
    public void close() {
        keeper.close();
        own.close();
    }
}
