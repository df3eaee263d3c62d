package org.relais.chain.james;

import java.io.IOException;
import java.time.InstantSource;
import javax.mail.MessagingException;
import org.apache.commons.configuration2.HierarchicalConfiguration;
import org.apache.commons.configuration2.ex.ConfigurationException;
import org.apache.commons.configuration2.tree.ImmutableNode;
import org.apache.james.mailetcontainer.api.MailProcessor;
import org.apache.james.mailetcontainer.api.MailetLoader;
import org.apache.james.mailetcontainer.api.MatcherLoader;
import org.apache.james.mailrepository.api.MailRepositoryStore;
import org.apache.james.queue.api.MailQueue;
import org.apache.james.queue.api.MailQueueFactory;
import org.apache.mailet.Mail;
import org.apache.mailet.MailetContext;
import org.jspecify.annotations.Nullable;
import org.relais.model.QueueIdGenerator;
import org.relais.model.event.MailEvents;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leads mails through the processors of {@code mailetcontainer.xml}, in the place of James's composite processor.
 *
 * <p>When {@link #service} returns, every recipient has ended, waits in a queue or is kept in a repository, and the mail's
 * state is {@code ghost}. When it throws, the mail is as it was, and some recipients have not been taken care of.
 *
 * <p>{@link #start} comes first; then any number of threads may call {@link #service} until {@link #stop}.
 */
public final class ChainMailProcessor implements MailProcessor {
    private static final Logger LOGGER = LoggerFactory.getLogger(ChainMailProcessor.class);

    private final MailetLoader mailets;
    private final MatcherLoader matchers;
    private final MailetContext context;
    private final MailQueueFactory<?> queues;
    private final MailRepositoryStore repositories;
    private final MailEvents events;
    private final InstantSource clock;
    private final QueueIdGenerator ids;
    private final ChainSettings settings;
    private volatile @Nullable Running running;

    private record Running(LoadedChain chain, ChainParts parts, MailQueue spool) {}

    public ChainMailProcessor(
            MailetLoader mailets,
            MatcherLoader matchers,
            MailetContext context,
            MailQueueFactory<?> queues,
            MailRepositoryStore repositories,
            MailEvents events,
            InstantSource clock,
            QueueIdGenerator ids,
            ChainSettings settings) {
        this.mailets = mailets;
        this.matchers = matchers;
        this.context = context;
        this.queues = queues;
        this.repositories = repositories;
        this.events = new GuardedMailEvents(events);
        this.clock = clock;
        this.ids = ids;
        this.settings = settings;
    }

    /**
     * Loads and initialises every mailet and matcher.
     *
     * @param processors the element {@code <processors>}
     * @throws ConfigurationException with one line for each mistake
     */
    public void start(HierarchicalConfiguration<ImmutableNode> processors) throws ConfigurationException {
        LoadedChain chain = new ChainReader(mailets, new MatcherReader(matchers, context), context).read(processors);
        MailQueue spool = queues.createQueue(MailQueueFactory.SPOOL);
        ChainParts parts = new ChainParts(
                new MailCopies(ids),
                new SpoolReturn(spool, settings.retries(), clock, events),
                new MailKeeper(repositories, settings.lastResort(), events),
                new StepEvents(events),
                settings.mostMoves());
        running = new Running(chain, parts, spool);
    }

    @Override
    public void service(Mail mail) throws MessagingException {
        Running current = running;
        if (current == null) {
            throw new MessagingException("the mailet chain is not running");
        }
        Mail working = MailCopies.workingCopy(mail);
        try {
            new ChainRun(current.chain(), current.parts()).run(working);
        } finally {
            MailCopies.dispose(working);
        }
        mail.setState(Mail.GHOST);
    }

    /** Takes the mailets out of service; to be called when nobody calls {@link #service} any more. */
    public void stop() {
        Running last = running;
        running = null;
        if (last == null) {
            return;
        }
        last.chain().close();
        try {
            last.spool().close();
        } catch (IOException e) {
            LOGGER.warn("the spool did not close cleanly", e);
        }
    }
}
