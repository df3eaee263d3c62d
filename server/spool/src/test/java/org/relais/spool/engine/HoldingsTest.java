package org.relais.spool.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.relais.model.QueueId;
import org.relais.spool.Claim;
import org.relais.spool.Envelope;
import org.relais.spool.EnvelopeDetails;
import org.relais.spool.EnvelopeId;
import org.relais.spool.MessageId;
import org.relais.spool.Origin;
import org.relais.spool.SpoolException;
import org.relais.spool.Stage;

final class HoldingsTest {
    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");

    private final Holdings holdings = new Holdings();
    private final Claim claim = holdings.add(
            new Envelope(
                    new EnvelopeId(1),
                    new MessageId(2),
                    Origin.ACCEPTED,
                    NOW,
                    null,
                    EnvelopeDetails.of(new QueueId("Q"), "a@example.net", "b@example.org", Stage.CHAIN)),
            NOW.plusSeconds(60));

    @Test
    void endsNoClaimWhileItsMessageIsBeingShared() throws Exception {
        Holdings.Holding holding = holdings.require(claim, NOW);
        holdings.pin(holding);

        assertThatThrownBy(() -> holdings.requireToEnd(claim, NOW)).isInstanceOf(SpoolException.ClaimLost.class);
        holdings.unpin(holding);
        assertThat(holdings.requireToEnd(claim, NOW)).isSameAs(holding);
    }

    @Test
    void endsNoLeaseWhileAStepWithTheClaimIsOnItsWay() throws Exception {
        List<Long> ended = new ArrayList<>();
        Holdings.Holding holding = holdings.require(claim, NOW);
        holdings.startEnding(holding);

        holdings.expire(NOW.plusSeconds(120), ended::add);
        assertThat(ended).isEmpty();
        holdings.undoEnding(holding);
        holdings.expire(NOW.plusSeconds(240), ended::add);

        assertThat(ended).containsExactly(1L);
    }
}
