package org.relais.delivery.engine;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.relais.delivery.route.Destination;
import org.relais.model.QueueId;
import org.relais.spool.Claim;
import org.relais.spool.EnvelopeDetails;
import org.relais.spool.MessageId;
import org.relais.spool.mail.MailState;

/** Puts claims together that one transaction can carry. For use by many threads. */
final class JobMaker {
    /** What every server takes in one transaction (RFC 5321 §4.5.3.1.8). */
    static final int MOST_RECIPIENTS = 100;

    private final Deliveries deliveries;
    private final Reroutes reroutes;

    JobMaker(Deliveries deliveries, Reroutes reroutes) {
        this.deliveries = deliveries;
        this.reroutes = reroutes;
    }

    /** @param undeliverable claims that no job can be made of, each with its reason */
    record Made(List<Job> jobs, Map<Claim, String> undeliverable) {}

    private record Key(
            MessageId message,
            QueueId queueId,
            String reversePath,
            Delivery delivery,
            Destination destination,
            String prefix,
            List<String> ownFields) {}

    private record Part(MailState state, List<Claim> claims) {}

    Made jobs(List<Claim> claims) {
        Map<Key, Part> parts = new LinkedHashMap<>();
        Map<Claim, String> undeliverable = new LinkedHashMap<>();
        for (Claim claim : claims) {
            EnvelopeDetails details = claim.envelope().details();
            MailState state;
            try {
                state = MailState.of(details);
            } catch (IllegalArgumentException unreadable) {
                undeliverable.put(claim, "4.3.0 The mail cannot be read: " + unreadable.getMessage());
                continue;
            }
            Optional<Delivery> delivery = deliveries.find(state.delivery());
            if (delivery.isEmpty()) {
                undeliverable.put(
                        claim,
                        "4.3.5 The chain has no delivery "
                                + DeliveryName.parse(state.delivery()).queue() + " any more");
                continue;
            }
            parts.computeIfAbsent(key(claim, state, delivery.get()), any -> new Part(state, new ArrayList<>()))
                    .claims()
                    .add(claim);
        }
        List<Job> jobs = new ArrayList<>(parts.size());
        parts.forEach((key, part) -> {
            for (int from = 0; from < part.claims().size(); from += MOST_RECIPIENTS) {
                int to = Math.min(part.claims().size(), from + MOST_RECIPIENTS);
                jobs.add(
                        new Job(key.delivery(), key.destination(), part.claims().subList(from, to), part.state()));
            }
        });
        return new Made(jobs, undeliverable);
    }

    private Key key(Claim claim, MailState state, Delivery delivery) {
        EnvelopeDetails details = claim.envelope().details();
        Destination usually = delivery.routes()
                .routeOf(details.reversePath(), details.forwardPath())
                .destination(details.forwardDomain());
        Destination destination = reroutes.destination(usually, details);
        return new Key(
                claim.envelope().message(),
                details.queueId(),
                details.reversePath(),
                delivery,
                destination,
                state.prefix(),
                state.ownFields());
    }
}
