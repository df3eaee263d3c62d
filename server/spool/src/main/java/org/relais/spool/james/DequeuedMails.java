package org.relais.spool.james;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.mail.MessagingException;
import org.apache.james.server.core.MailImpl;
import org.relais.spool.Changes;
import org.relais.spool.Claim;
import org.relais.spool.Envelope;
import org.relais.spool.Spool;
import org.relais.spool.SpoolException;
import org.relais.spool.Stage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.SynchronousSink;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * The mails of a stage as they become due, one for each that is asked for. Each subscriber has a thread, which waits for
 * the next mail; cancelling ends it. A mail that cannot be made of its envelopes is held and reported, and the next one
 * is tried. Safe for use by many threads.
 */
final class DequeuedMails {
    private static final Logger LOGGER = LoggerFactory.getLogger(DequeuedMails.class);
    private static final Duration WAIT = Duration.ofSeconds(1);
    private static final Duration PAUSE_AFTER_NOTHING = Duration.ofMillis(100);
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);

    private final Spool spool;
    private final Stage stage;
    private final QueueLayout layout;
    private final ClaimKeeper keeper;
    private final String name;

    DequeuedMails(Spool spool, Stage stage, QueueLayout layout, ClaimKeeper keeper, String name) {
        this.spool = spool;
        this.stage = stage;
        this.layout = layout;
        this.keeper = keeper;
        this.name = name;
    }

    Flux<SpoolQueueItem> publisher() {
        return Flux.using(
                        () -> Schedulers.newSingle("queue-" + name, true),
                        thread -> Flux.generate(this::next).subscribeOn(thread),
                        Scheduler::dispose)
                .doOnDiscard(SpoolQueueItem.class, SpoolQueueItem::release);
    }

    private void next(SynchronousSink<SpoolQueueItem> sink) {
        try {
            Optional<SpoolQueueItem> item = await();
            if (item.isPresent()) {
                sink.next(item.get());
            } else {
                sink.complete();
            }
        } catch (InterruptedException e) {
            // The subscriber left: its thread is being disposed of.
            Thread.currentThread().interrupt();
            sink.complete();
        }
    }

    /** Empty when the queues are closed. */
    private Optional<SpoolQueueItem> await() throws InterruptedException {
        while (!keeper.isClosed()) {
            boolean isDue = spool.awaitDue(stage, WAIT);
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            try {
                Optional<SpoolQueueItem> item = take();
                if (item.isPresent()) {
                    return item;
                }
                if (isDue) {
                    // Somebody else has it, or it cannot be read: asking on would be a busy loop.
                    Thread.sleep(PAUSE_AFTER_NOTHING.toMillis());
                }
            } catch (SpoolException.Closed e) {
                return Optional.empty();
            } catch (SpoolException e) {
                LOGGER.error("the queue {} cannot be read and will be tried again", name, e);
                Thread.sleep(PAUSE_AFTER_FAILURE.toMillis());
            }
        }
        return Optional.empty();
    }

    private Optional<SpoolQueueItem> take() throws SpoolException {
        List<Claim> claims = spool.claim(stage, 1, ClaimKeeper.LEASE);
        if (claims.isEmpty()) {
            return Optional.empty();
        }
        List<List<Claim>> groups = layout.grouped(claims, Claim::envelope);
        groups.stream().skip(1).forEach(group -> group.forEach(spool::release));
        return item(groups.get(0));
    }

    private Optional<SpoolQueueItem> item(List<Claim> claims) throws SpoolException {
        List<Envelope> envelopes = claims.stream().map(Claim::envelope).toList();
        try {
            MailImpl mail =
                    layout.mail(envelopes, spool.content(envelopes.get(0).message()));
            return Optional.of(new SpoolQueueItem(spool, mail, claims, keeper));
        } catch (MessagingException | IllegalArgumentException | SpoolException.Damaged e) {
            LOGGER.error(
                    "the envelope {} of queue {} cannot be made a mail of and is held",
                    envelopes.get(0).id(),
                    name,
                    e);
            hold(claims, e);
            return Optional.empty();
        } catch (SpoolException | RuntimeException e) {
            claims.forEach(spool::release);
            throw e;
        }
    }

    private void hold(List<Claim> claims, Exception why) throws SpoolException {
        Changes changes = new Changes().relaxed();
        claims.forEach(claim -> changes.update(
                claim,
                claim.envelope().details().withHeld(true).withReason("cannot be made a mail of: " + why.getMessage())));
        SpoolWait.commit(spool, changes);
    }
}
