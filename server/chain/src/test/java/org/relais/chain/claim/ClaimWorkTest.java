package org.relais.chain.claim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.relais.chain.james.NamedThreads;
import org.relais.chain.james.RefusingSpool;
import org.relais.chain.james.TestClock;
import org.relais.model.QueueId;
import org.relais.spool.Changes;
import org.relais.spool.Claim;
import org.relais.spool.Disposition;
import org.relais.spool.EnvelopeDetails;
import org.relais.spool.NewEnvelope;
import org.relais.spool.PendingMessage;
import org.relais.spool.Stage;
import org.relais.spool.memory.InMemorySpool;

/** How long claims last in work, and what becomes of a step that the spool refuses. */
class ClaimWorkTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Duration LEASE = Duration.ofMillis(300);
    private static final Duration NEARLY_A_LEASE = Duration.ofMillis(250);

    private final TestClock clock = new TestClock();
    private final RefusingSpool spool = new RefusingSpool(new InMemorySpool(clock, clock, 1 << 20, Duration.ofDays(7)));
    private Claim claim;

    @BeforeEach
    void claimOne() throws Exception {
        EnvelopeDetails details = EnvelopeDetails.of(new QueueId("0123456789BCD"), "", "bob@example.org", Stage.CHAIN);
        spool.commit(Changes.append(PendingMessage.of(new byte[] {'a'}), List.of(NewEnvelope.accepted(details))))
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
        claim = spool.claim(Stage.CHAIN, 1, LEASE).get(0);
    }

    @Test
    void aClaimLastsAsLongAsItIsHeldAndALeaseLonger() {
        try (Leases leases = new Leases(spool, LEASE, new NamedThreads("leases"))) {
            try (Leases.Hold hold = leases.hold(List.of(claim))) {
                for (int i = 0; i < 5; i++) {
                    int before = spool.renewals();
                    // Two, for the first may have begun before the clock went on.
                    await().atMost(SOON).until(() -> spool.renewals() >= before + 2);
                    clock.forward(NEARLY_A_LEASE);
                }

                assertThat(spool.claim(Stage.CHAIN, 1, LEASE)).isEmpty();
            }

            await().atMost(SOON).until(() -> {
                clock.forward(LEASE);
                return !spool.claim(Stage.CHAIN, 1, LEASE).isEmpty();
            });
        }
    }

    @Test
    void aRefusedStepIsTriedAgainAndThenGivenUp() {
        Commits commits = new Commits(spool, new Commits.Patience(3, Duration.ofMillis(1)));
        spool.refuse(true);

        assertThatThrownBy(() -> commits.commit(() -> new Changes().remove(claim, Disposition.DISCARDED)))
                .isInstanceOfSatisfying(
                        CommitFailedException.class,
                        e -> assertThat(e.kind()).isEqualTo(CommitFailedException.Kind.REFUSED));
        assertThat(spool.refusals()).isEqualTo(3);

        spool.refuse(false);
        commits.commit(() -> new Changes().remove(claim, Disposition.DISCARDED));
        assertThat(spool.accounts().left(Disposition.DISCARDED)).isEqualTo(1);
    }

    @Test
    void aClaimThatEndedIsLost() {
        Commits commits = new Commits(spool, Commits.Patience.STANDARD);
        clock.forward(LEASE);

        assertThatThrownBy(() -> commits.commit(() -> new Changes().remove(claim, Disposition.DISCARDED)))
                .isInstanceOfSatisfying(
                        CommitFailedException.class,
                        e -> assertThat(e.kind()).isEqualTo(CommitFailedException.Kind.LOST));
    }

    @Test
    void aClosedSpoolIsBroken() throws Exception {
        Commits commits = new Commits(spool, Commits.Patience.STANDARD);
        spool.close();

        assertThatThrownBy(() -> commits.commit(() -> new Changes().remove(claim, Disposition.DISCARDED)))
                .isInstanceOfSatisfying(
                        CommitFailedException.class,
                        e -> assertThat(e.kind()).isEqualTo(CommitFailedException.Kind.BROKEN));
    }
}
