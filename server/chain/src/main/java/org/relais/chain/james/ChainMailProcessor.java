package org.relais.chain.james;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.apache.commons.configuration2.HierarchicalConfiguration;
import org.apache.commons.configuration2.ex.ConfigurationException;
import org.apache.commons.configuration2.tree.ImmutableNode;
import org.apache.james.mailetcontainer.api.MailetLoader;
import org.apache.james.mailetcontainer.api.MatcherLoader;
import org.apache.james.mailrepository.api.MailRepositoryStore;
import org.apache.james.server.core.MailImpl;
import org.apache.mailet.MailetContext;
import org.jspecify.annotations.Nullable;
import org.relais.chain.claim.CommitFailedException;
import org.relais.chain.claim.Commits;
import org.relais.chain.identity.MailName;
import org.relais.model.event.MailEvents;
import org.relais.spool.Claim;
import org.relais.spool.Disposition;
import org.relais.spool.Envelope;
import org.relais.spool.MessageContent;
import org.relais.spool.Spool;
import org.relais.spool.james.SpoolMails;
import org.relais.spool.james.StepOutputs;
import org.relais.spool.mail.MailState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leads mails of the spool through the processors of {@code mailetcontainer.xml}, in the place of James's composite
 * processor.
 *
 * <p>{@link #start} comes first; then any number of threads may call {@link #process} until {@link #stop}.
 */
public final class ChainMailProcessor {
    private static final Logger LOGGER = LoggerFactory.getLogger(ChainMailProcessor.class);

    private final MailetLoader mailets;
    private final MatcherLoader matchers;
    private final MailetContext context;
    private final Spools spools;
    private final MailKeeper keeper;
    private final StepEvents events;
    private final ChainSettings settings;
    private volatile @Nullable LoadedChain running;

    /**
     * @param outputs those of the queue {@code spool} that {@code context} sends to
     * @param repositories where mails are kept that nothing ends
     */
    public ChainMailProcessor(
            MailetLoader mailets,
            MatcherLoader matchers,
            MailetContext context,
            Spool spool,
            StepOutputs outputs,
            MailRepositoryStore repositories,
            MailEvents events,
            ChainSettings settings) {
        this.mailets = mailets;
        this.matchers = matchers;
        this.context = context;
        this.spools =
                new Spools(spool, new SpoolMails(MailName::queueId), new Commits(spool, settings.patience()), outputs);
        MailEvents guarded = new GuardedMailEvents(events);
        this.keeper = new MailKeeper(spools, repositories, settings.lastResort(), guarded);
        this.events = new StepEvents(guarded);
        this.settings = settings;
    }

    /**
     * Loads and initialises every mailet and matcher.
     *
     * @param processors the element {@code <processors>}
     * @throws ConfigurationException with one line for each mistake
     */
    public void start(HierarchicalConfiguration<ImmutableNode> processors) throws ConfigurationException {
        running = new ChainReader(mailets, new MatcherReader(matchers, context), context).read(processors);
    }

    /** Which of these claims are one mail. */
    List<List<Claim>> mails(List<Claim> claims) {
        return spools.mails().groups(claims);
    }

    /**
     * Leads one mail through the chain: when this returns, each of its envelopes left the spool, waits, or stays claimed
     * because the spool did not take what came of it, which the log says.
     *
     * @param claims one of {@link #mails}
     * @param isStopping whether an interrupt means that the server stops
     * @throws CommitFailedException when the spool is broken
     * @throws IllegalStateException when the chain does not run
     */
    public void process(List<Claim> claims, BooleanSupplier isStopping) {
        LoadedChain chain = running;
        if (chain == null) {
            throw new IllegalStateException("the mailet chain is not running");
        }
        Taken taken;
        try {
            taken = take(claims);
        } catch (Exception unreadable) {
            holdAside(claims, unreadable);
            return;
        }
        try {
            new ChainRun(chain, new ChainParts(spools, keeper, events, settings, isStopping))
                    .run(taken.mail(), taken.claims(), taken.base(), taken.ending());
        } finally {
            MailCopies.dispose(taken.mail());
        }
    }

    private record Taken(MailImpl mail, RecipientClaims claims, MessageContent base, Optional<Disposition> ending) {}

    private Taken take(List<Claim> claims) throws Exception {
        List<Envelope> envelopes = claims.stream().map(Claim::envelope).toList();
        MailState state = MailState.of(envelopes.get(0).details());
        RecipientClaims taken = RecipientClaims.of(claims);
        MessageContent base = spools.content(envelopes.get(0).message());
        MailImpl mail = spools.mails().mail(envelopes, base);
        mail.setRecipients(taken.recipients());
        mail.setName(ChainRun.nameOf(mail, taken));
        return new Taken(mail, taken, base, Optional.ofNullable(state.ending()));
    }

    /** What cannot be made a mail of waits, each time longer, until somebody has looked at it. */
    private void holdAside(List<Claim> claims, Exception unreadable) {
        List<String> ids = new ArrayList<>();
        claims.forEach(
                claim -> ids.add(claim.id() + " (" + claim.envelope().queueId().value() + ")"));
        LOGGER.error("envelopes {}: no mail can be made of them; they are deferred", ids, unreadable);
        Setback.deferAsItWas(
                spools, settings, claims, "4.3.0 The mail cannot be read: " + ChainReader.reason(unreadable));
    }

    /** Takes the mailets out of service; to be called when nobody calls {@link #process} any more. */
    public void stop() {
        LoadedChain last = running;
        running = null;
        if (last != null) {
            last.close();
        }
    }
}
