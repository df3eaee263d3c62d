package org.relais.spool.james;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import javax.mail.MessagingException;
import org.apache.james.mailrepository.api.MailKey;
import org.apache.james.mailrepository.api.MailRepository;
import org.apache.mailet.Mail;
import org.jspecify.annotations.Nullable;
import org.relais.spool.BrowseFilter;
import org.relais.spool.Changes;
import org.relais.spool.Claim;
import org.relais.spool.Disposition;
import org.relais.spool.Envelope;
import org.relais.spool.EnvelopeDetails;
import org.relais.spool.EnvelopeId;
import org.relais.spool.NewEnvelope;
import org.relais.spool.Origin;
import org.relais.spool.Page;
import org.relais.spool.PendingMessage;
import org.relais.spool.Receipt;
import org.relais.spool.Spool;
import org.relais.spool.SpoolException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A repository that is a spool of its own, with an envelope for each mail. A mail is durable when {@link #store} returns;
 * one with the name of another takes its place in one step. The names are kept in memory, some 150 bytes each. The
 * content of a mail that was retrieved can be read until the mail is removed. Safe for use by many threads.
 */
final class SpoolMailRepository implements MailRepository {
    private static final Logger LOGGER = LoggerFactory.getLogger(SpoolMailRepository.class);
    private static final Duration LEASE = Duration.ofMinutes(5);
    private static final int AT_ONCE = 1000;
    private static final int STRIPES = 64;

    private final Spool spool;
    private final SpoolMails mails;
    private final QueueLayout layout;
    private final Map<MailKey, EnvelopeId> byKey = new ConcurrentHashMap<>();
    /** Whoever changes a mail holds the lock of its name: a mail's envelope is claimed by one thread at a time. */
    private final List<Object> locks;

    private SpoolMailRepository(Spool spool, SpoolMails mails) {
        this.spool = spool;
        this.mails = mails;
        this.layout = new QueueLayout.Whole(mails);
        List<Object> made = new ArrayList<>(STRIPES);
        for (int i = 0; i < STRIPES; i++) {
            made.add(new Object());
        }
        this.locks = List.copyOf(made);
    }

    /** Reads the names of all mails that are in {@code spool}. */
    static SpoolMailRepository over(Spool spool, SpoolMails mails) throws SpoolException {
        SpoolMailRepository repository = new SpoolMailRepository(spool, mails);
        Optional<EnvelopeId> after = Optional.empty();
        do {
            Page page = spool.browse(BrowseFilter.ALL, after, AT_ONCE);
            for (Page.Entry entry : page.entries()) {
                if (entry instanceof Page.Entry.Item item) {
                    repository.know(item.envelope());
                }
            }
            after = page.next();
        } while (after.isPresent());
        return repository;
    }

    private void know(Envelope envelope) {
        try {
            byKey.put(new MailKey(layout.name(envelope)), envelope.id());
        } catch (IllegalArgumentException e) {
            LOGGER.error(
                    "the envelope {} of a repository cannot be read as a mail and is left alone", envelope.id(), e);
        }
    }

    private Object lock(MailKey key) {
        return locks.get(Math.floorMod(key.hashCode(), STRIPES));
    }

    @Override
    public long size() {
        return byKey.size();
    }

    @Override
    public MailKey store(Mail mail) throws MessagingException {
        MailKey key = MailKey.forMail(mail);
        try (PendingMessage message = mails.write(spool, mail.getMessage())) {
            EnvelopeDetails details = layout.envelopes(mail, Instant.EPOCH).get(0);
            synchronized (lock(key)) {
                Optional<Claim> known = claim(key);
                if (known.isPresent()) {
                    replace(known.get(), message, details);
                } else {
                    Receipt receipt = SpoolWait.commit(
                            spool, Changes.append(message, List.of(new NewEnvelope(Origin.COPY, details))));
                    byKey.put(key, receipt.created().get(0));
                }
            }
            return key;
        } catch (SpoolException | IllegalArgumentException e) {
            throw new MessagingException("cannot store the mail " + key.asString(), e);
        }
    }

    private void replace(Claim known, PendingMessage message, EnvelopeDetails details) throws SpoolException {
        try {
            SpoolWait.commit(
                    spool,
                    new Changes()
                            .rewrite(message, List.of(new Changes.Change.Update(known, details, false)), List.of()));
        } catch (SpoolException e) {
            spool.release(known);
            throw e;
        }
    }

    /** Under the lock of the key. */
    private Optional<Claim> claim(MailKey key) throws SpoolException {
        EnvelopeId id = byKey.get(key);
        return id == null ? Optional.empty() : spool.claim(id, LEASE);
    }

    /** In no particular order; shows what is stored and removed meanwhile, or not. */
    @Override
    public Iterator<MailKey> list() {
        return byKey.keySet().iterator();
    }

    @Override
    public @Nullable Mail retrieve(MailKey key) throws MessagingException {
        EnvelopeId id = byKey.get(key);
        if (id == null) {
            return null;
        }
        try {
            Envelope envelope = spool.find(id).orElse(null);
            return envelope == null ? null : layout.mail(List.of(envelope), spool.content(envelope.message()));
        } catch (SpoolException.NotFound e) {
            return null;
        } catch (SpoolException | IllegalArgumentException e) {
            throw new MessagingException("cannot read the mail " + key.asString(), e);
        }
    }

    @Override
    public void remove(MailKey key) throws MessagingException {
        synchronized (lock(key)) {
            try {
                Optional<Claim> claim = claim(key);
                if (claim.isPresent()) {
                    removeClaimed(claim.get());
                }
                byKey.remove(key);
            } catch (SpoolException e) {
                throw new MessagingException("cannot remove the mail " + key.asString(), e);
            }
        }
    }

    private void removeClaimed(Claim claim) throws SpoolException {
        try {
            SpoolWait.commit(spool, new Changes().relaxed().remove(claim, Disposition.DISCARDED));
        } catch (SpoolException e) {
            spool.release(claim);
            throw e;
        }
    }

    @Override
    public void remove(Collection<MailKey> keys) throws MessagingException {
        for (MailKey key : keys) {
            remove(key);
        }
    }

    @Override
    public void removeAll() throws MessagingException {
        remove(List.copyOf(byKey.keySet()));
    }
}
