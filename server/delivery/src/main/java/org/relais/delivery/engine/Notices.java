package org.relais.delivery.engine;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.relais.delivery.Outcome;
import org.relais.delivery.dsn.DsnPolicy;
import org.relais.delivery.dsn.DsnReport;
import org.relais.delivery.dsn.DsnReport.Action;
import org.relais.delivery.dsn.DsnReport.Recipient;
import org.relais.delivery.dsn.DsnSettings;
import org.relais.delivery.dsn.DsnWriter;
import org.relais.delivery.dsn.Original;
import org.relais.delivery.engine.Settlement.Fate;
import org.relais.model.QueueId;
import org.relais.model.QueueIdGenerator;
import org.relais.spool.EnvelopeDetails;
import org.relais.spool.NewEnvelope;
import org.relais.spool.Origin;
import org.relais.spool.Spool;
import org.relais.spool.SpoolException;
import org.relais.spool.Stage;
import org.relais.spool.mail.DsnRequest;
import org.relais.spool.mail.MailState;

/**
 * Makes the notifications that an attempt gives reason for and that no failure is: DELAYED once for each recipient, and
 * RELAYED where the sender asked for it and the next hop does not know DSN (RFC 3461 §5.2.2). For any thread; making one
 * may read the disk.
 */
public final class Notices {
    private static final String WARNED = "relais.delayNotified";
    private static final String MAY_RELAY = "relais.mayRelay";
    private static final String TRUE = "{\"serializer\":\"BooleanSerializer\",\"value\":true}";

    private final DsnSettings settings;
    private final Duration warnAfter;
    private final QueueIdGenerator ids;

    /** @param warnAfter the age at which the sender is told of a delay; zero: never */
    public Notices(DsnSettings settings, Duration warnAfter, QueueIdGenerator ids) {
        this.settings = settings;
        this.warnAfter = warnAfter;
        this.ids = ids;
    }

    /** One mail to the sender. */
    record Notice(byte[] content, NewEnvelope envelope) {}

    /** False where nothing is told, whatever became of the recipients: the usual case, and quick to find out. */
    boolean mayTell(Job job, boolean passesDsnOn, Instant now) {
        if (job.details().reversePath().isEmpty()) {
            return false;
        }
        if (isLate(job, now)) {
            return true;
        }
        return !passesDsnOn
                && job.claims().stream()
                        .anyMatch(claim -> DsnPolicy.isDue(
                                Action.RELAYED,
                                job.details().reversePath(),
                                MailState.of(claim.envelope().details()).dsn()));
    }

    /** What is to be told about that recipient, if anything. */
    Optional<Action> due(Job job, Fate fate, boolean passesDsnOn, Instant now) {
        EnvelopeDetails details = fate.claim().envelope().details();
        if (details.reversePath().isEmpty()) {
            return Optional.empty();
        }
        if (fate.outcome() instanceof Outcome.Delivered && passesDsnOn) {
            return Optional.empty();
        }
        Action action;
        if (fate.outcome() instanceof Outcome.Delivered) {
            action = Action.RELAYED;
        } else if (fate.outcome() instanceof Outcome.Deferred && isLate(job, now)) {
            action = Action.DELAYED;
        } else {
            return Optional.empty();
        }
        MailState state = MailState.of(details);
        boolean isTold = action == Action.DELAYED && state.attributes().containsKey(WARNED);
        return isTold || !DsnPolicy.isDue(action, details.reversePath(), state.dsn())
                ? Optional.empty()
                : Optional.of(action);
    }

    private boolean isLate(Job job, Instant now) {
        return !warnAfter.isZero() && job.age(now).compareTo(warnAfter) >= 0;
    }

    /** The same, with the mark that its sender was told of the delay. */
    static EnvelopeDetails warned(EnvelopeDetails details) {
        MailState state = MailState.of(details);
        Map<String, String> attributes = new HashMap<>(state.attributes());
        attributes.put(WARNED, TRUE);
        return details.withState(state.withAttributes(attributes).encode());
    }

    /** @param told not empty; their action is the same */
    Notice notice(Job job, List<Fate> told, Action action, String hop, Spool spool, Instant now)
            throws SpoolException, IOException {
        EnvelopeDetails details = job.details();
        DsnRequest request = job.state().dsn();
        List<Recipient> recipients = new ArrayList<>();
        for (Fate fate : told) {
            recipients.add(recipient(fate, action, hop));
        }
        recipients.sort(Comparator.comparing(Recipient::forwardPath));
        DsnReport report = new DsnReport(
                details.queueId().value(),
                job.first().created(),
                request.envid(),
                details.reversePath(),
                "",
                recipients);
        MailContent content =
                MailContent.of(job.state(), spool.content(job.first().message()));
        Original original;
        try (var in = content.open()) {
            // RFC 3461 §6.2: a delay or a success gives the header alone back.
            original = Original.read(in, content.size(), false, settings.mostReturned());
        }
        QueueId id = ids.next();
        return new Notice(
                new DsnWriter(settings).write(report, original, now, id.value()),
                new NewEnvelope(
                        Origin.DSN,
                        EnvelopeDetails.of(id, "", details.reversePath(), Stage.CHAIN)
                                .withState(MailState.received(id.value(), "127.0.0.1", now, Map.of(MAY_RELAY, TRUE))
                                        .encode())));
    }

    private static Recipient recipient(Fate fate, Action action, String hop) {
        EnvelopeDetails details = fate.claim().envelope().details();
        return new Recipient(
                details.forwardPath(),
                MailState.of(details).dsn().orcpt(),
                action,
                fate.outcome().status(),
                hop.replaceFirst("\\[.*", ""),
                fate.outcome().text(),
                fate.attempted(),
                action == Action.DELAYED ? fate.until() : Optional.empty());
    }
}
