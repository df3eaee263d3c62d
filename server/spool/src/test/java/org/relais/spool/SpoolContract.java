package org.relais.spool;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.relais.spool.Page.Status.CLAIMED;
import static org.relais.spool.Page.Status.DUE;
import static org.relais.spool.Page.Status.HELD;
import static org.relais.spool.Page.Status.WAITING;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.relais.model.QueueId;

/** What every spool promises. */
public abstract class SpoolContract {
    protected static final Duration LEASE = Duration.ofMinutes(10);
    protected static final Duration RETENTION = Duration.ofDays(7);
    /** Bytes of messages that the spool under test takes at least, and by far not twice as many. */
    protected static final long CAPACITY = 128L << 20;

    protected final ManualClock clock = new ManualClock();
    protected Spool spool;

    /** A new, empty spool with {@link #clock}, {@link #RETENTION} and {@link #CAPACITY}. */
    protected abstract Spool create() throws Exception;

    @BeforeEach
    void open() throws Exception {
        spool = create();
    }

    @AfterEach
    void close() throws Exception {
        spool.close();
    }

    // ------------------------------------------------------------------ append and read

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 8, 8191, 65_536, 262_143, 262_144, 262_145, 3_000_001})
    void givesBackTheBytesThatWereAppended(int size) throws Exception {
        byte[] bytes = randomBytes(size);

        EnvelopeId id = append(bytes, details("Q1", "bob@example.org"));

        assertThat(bytesOf(id)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 8192, 262_144, 300_000, 5_000_000})
    void takesAMessageInPieces(int size) throws Exception {
        byte[] bytes = randomBytes(size);

        EnvelopeId id = appendStreamed(bytes, 10_007, details("Q1", "bob@example.org"));

        assertThat(bytesOf(id)).isEqualTo(bytes);
        assertThat(spool.content(find(id).message()).size()).isEqualTo(size);
    }

    @Test
    void forgetsAMessageThatWasGivenUpHalfWay() throws Exception {
        MessageWriter writer = spool.newMessage();
        await(writer.write(ByteBuffer.wrap(randomBytes(1_000_000))));

        writer.close();

        assertThat(spool.status().envelopes()).isZero();
        assertThat(append(randomBytes(10), details("Q1", "bob@example.org"))).isNotNull();
    }

    @Test
    void givesBackEveryFieldOfAnEnvelope() throws Exception {
        EnvelopeDetails details = new EnvelopeDetails(
                new QueueId("3GH.7_x-1"),
                "",
                "bøb@exämple.org",
                Stage.DELIVERY,
                9,
                4,
                clock.instant().plusSeconds(90),
                true,
                "451 4.7.1 später",
                OpaqueState.of(new byte[] {0, -1, 1}));

        EnvelopeId id = commit(Changes.append(message("x"), List.of(new NewEnvelope(Origin.FORWARD, details))))
                .created()
                .get(0);

        Envelope found = find(id);
        assertThat(found.details()).isEqualTo(details);
        assertThat(found.origin()).isEqualTo(Origin.FORWARD);
        assertThat(found.created()).isEqualTo(clock.instant());
        assertThat(found.removed()).isNull();
    }

    @Test
    void numbersEnvelopesInTheOrderTheyWereNamed() throws Exception {
        Receipt receipt = commit(Changes.append(
                message("x"), List.of(accepted("Q1", "a@example.org"), accepted("Q1", "b@example.org"))));

        assertThat(receipt.created()).hasSize(2).isSorted();
        assertThat(find(receipt.created().get(1)).details().forwardPath()).isEqualTo("b@example.org");
    }

    @Test
    void commitsManyMailsOfTheSameMoment() throws Exception {
        List<CompletableFuture<Receipt>> pending = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            pending.add(spool.commit(Changes.append(message("mail " + i), List.of(accepted("Q" + i, "a@example.org"))))
                    .toCompletableFuture());
        }
        spool.flush();

        for (int i = 0; i < 500; i++) {
            EnvelopeId id = await(pending.get(i)).created().get(0);
            assertThat(new String(bytesOf(id), US_ASCII)).isEqualTo("mail " + i);
        }
        assertThat(spool.accounts().came(Origin.ACCEPTED)).isEqualTo(500);
    }

    @Test
    void knowsNoMessageOfAnotherNumber() {
        assertThatThrownBy(() -> spool.content(new MessageId(4711))).isInstanceOf(SpoolException.NotFound.class);
    }

    // ------------------------------------------------------------------ claims and the schedule

    @Test
    void handsOutWhatIsDueOnce() throws Exception {
        EnvelopeId id = append("x", details("Q1", "bob@example.org"));

        List<Claim> first = spool.claim(Stage.CHAIN, 10, LEASE);
        List<Claim> second = spool.claim(Stage.CHAIN, 10, LEASE);

        assertThat(first).extracting(Claim::id).containsExactly(id);
        assertThat(second).isEmpty();
        assertThat(spool.claim(id, LEASE)).isEmpty();
    }

    @Test
    void handsOutToTheStageThatItWaitsFor() throws Exception {
        EnvelopeId id = append("x", details("Q1", "bob@example.org").withStage(Stage.DELIVERY));

        assertThat(spool.claim(Stage.CHAIN, 10, LEASE)).isEmpty();
        assertThat(spool.claim(Stage.DELIVERY, 10, LEASE)).extracting(Claim::id).containsExactly(id);
    }

    @Test
    void handsOutByPriorityThenByTime() throws Exception {
        EnvelopeId usual = append("x", details("Q1", "a@example.org"));
        clock.advance(Duration.ofSeconds(1));
        EnvelopeId later = append("x", details("Q2", "a@example.org"));
        EnvelopeId urgent = append("x", details("Q3", "a@example.org").withPriority(9));
        EnvelopeId bulk = append("x", details("Q4", "a@example.org").withPriority(0));

        assertThat(spool.claim(Stage.CHAIN, 10, LEASE))
                .extracting(Claim::id)
                .containsExactly(urgent, usual, later, bulk);
    }

    @Test
    void keepsBackWhatIsNotYetDue() throws Exception {
        EnvelopeId id = append(
                "x",
                details("Q1", "a@example.org").withNextAttempt(clock.instant().plusSeconds(60)));

        assertThat(spool.claim(Stage.CHAIN, 10, LEASE)).isEmpty();
        clock.advance(Duration.ofSeconds(59));
        assertThat(spool.claim(Stage.CHAIN, 10, LEASE)).isEmpty();
        clock.advance(Duration.ofSeconds(1));
        assertThat(spool.claim(Stage.CHAIN, 10, LEASE)).extracting(Claim::id).containsExactly(id);
    }

    @Test
    void handsOutEnvelopesOfOneMessageTogether() throws Exception {
        Receipt first = commit(Changes.append(
                message("x"), List.of(accepted("Q1", "a@example.org"), accepted("Q1", "b@example.org"))));
        EnvelopeId other = append("y", details("Q2", "c@example.org"));

        List<Claim> claims = spool.claim(Stage.CHAIN, 1, LEASE);

        assertThat(claims).extracting(Claim::id).containsExactlyElementsOf(first.created());
        assertThat(spool.claim(Stage.CHAIN, 1, LEASE)).extracting(Claim::id).containsExactly(other);
    }

    @Test
    void handsOutAgainWhatWasReleased() throws Exception {
        EnvelopeId id = append("x", details("Q1", "a@example.org"));
        Claim claim = claimOne();

        spool.release(claim);

        assertThat(spool.claim(Stage.CHAIN, 10, LEASE)).extracting(Claim::id).containsExactly(id);
    }

    @Test
    void endsAClaimWithItsLease() throws Exception {
        EnvelopeId id = append("x", details("Q1", "a@example.org"));
        Claim late = claimOne();

        clock.advance(LEASE);

        Claim next = claimOne();
        assertThat(next.id()).isEqualTo(id);
        assertThatThrownBy(() -> commit(new Changes().remove(late, Disposition.DELIVERED)))
                .isInstanceOf(SpoolException.ClaimLost.class);
        spool.release(late);
        assertThat(spool.claim(id, LEASE)).as("the new claim goes on").isEmpty();
        assertThat(spool.accounts().left(Disposition.DELIVERED)).isZero();
    }

    @Test
    void prolongsALease() throws Exception {
        append("x", details("Q1", "a@example.org"));
        Claim claim = claimOne();
        clock.advance(LEASE.minusSeconds(1));

        Claim renewed = spool.renew(claim, LEASE).orElseThrow();
        clock.advance(Duration.ofSeconds(2));

        assertThat(spool.claim(Stage.CHAIN, 10, LEASE)).isEmpty();
        commit(new Changes().remove(renewed, Disposition.DELIVERED));
        assertThat(spool.renew(renewed, LEASE)).isEmpty();
    }

    @Test
    void refusesASecondCommitOfTheSameClaim() throws Exception {
        append("x", details("Q1", "a@example.org"));
        Claim claim = claimOne();
        commit(new Changes().remove(claim, Disposition.DELIVERED));

        assertThatThrownBy(() -> commit(new Changes().remove(claim, Disposition.DELIVERED)))
                .isInstanceOf(SpoolException.ClaimLost.class);
        assertThat(spool.accounts().left(Disposition.DELIVERED)).isEqualTo(1);
    }

    @Test
    void wakesWhoWaitsWhenSomethingComes() throws Exception {
        CompletableFuture<Boolean> waiter = CompletableFuture.supplyAsync(() -> {
            try {
                return spool.awaitDue(Stage.CHAIN, Duration.ofSeconds(30));
            } catch (InterruptedException e) {
                throw new CompletionException(e);
            }
        });

        append("x", details("Q1", "a@example.org"));

        assertThat(waiter.get(30, TimeUnit.SECONDS)).isTrue();
        assertThat(spool.awaitDue(Stage.DELIVERY, Duration.ofMillis(1))).isFalse();
    }

    @Test
    void firesNothingBecauseTheClockLeapsForward() throws Exception {
        append(
                "x",
                details("Q1", "a@example.org").withNextAttempt(clock.instant().plusSeconds(3600)));

        clock.leap(Duration.ofDays(365));
        clock.advance(Duration.ofMinutes(1));
        assertThat(spool.claim(Stage.CHAIN, 10, LEASE)).isEmpty();

        clock.advance(Duration.ofMinutes(60));
        assertThat(spool.claim(Stage.CHAIN, 10, LEASE)).hasSize(1);
    }

    @Test
    void losesNothingBecauseTheClockLeapsBack() throws Exception {
        append(
                "x",
                details("Q1", "a@example.org").withNextAttempt(clock.instant().plusSeconds(600)));

        clock.leap(Duration.ofDays(-365));
        clock.advance(Duration.ofMinutes(20));

        assertThat(spool.claim(Stage.CHAIN, 10, LEASE)).hasSize(1);
    }

    // ------------------------------------------------------------------ lanes

    @Test
    void handsOutWhatIsParkedByItsLaneOnly() throws Exception {
        EnvelopeId one = append("x", details("Q1", "a@example.org"));
        EnvelopeId other = append("y", details("Q2", "b@example.com"));
        List<Claim> claims = spool.claim(Stage.CHAIN, 10, LEASE);

        spool.park(claims.get(0), 7);
        spool.park(claims.get(1), -8);

        assertThat(spool.claim(Stage.CHAIN, 10, LEASE)).isEmpty();
        assertThat(spool.awaitDue(Stage.CHAIN, Duration.ofMillis(1))).isFalse();
        assertThat(statusOf(one)).isEqualTo(DUE);
        assertThat(spool.status().claimed()).isZero();
        assertThat(spool.parked(7)).isEqualTo(1);
        assertThat(spool.claimParked(9, 10, LEASE)).isEmpty();
        assertThat(spool.claimParked(7, 10, LEASE)).extracting(Claim::id).containsExactly(one);
        assertThat(spool.claimParked(-8, 10, LEASE)).extracting(Claim::id).containsExactly(other);
        assertThat(spool.claimParked(7, 10, LEASE)).isEmpty();
        assertThat(spool.parked(7)).isZero();
    }

    @Test
    void handsOutALaneByPriorityThenByTime() throws Exception {
        EnvelopeId usual = append("x", details("Q1", "a@example.org"));
        clock.advance(Duration.ofSeconds(1));
        EnvelopeId later = append("x", details("Q2", "a@example.org"));
        EnvelopeId urgent = append("x", details("Q3", "a@example.org").withPriority(9));
        EnvelopeId bulk = append("x", details("Q4", "a@example.org").withPriority(0));
        List<Claim> claims = new ArrayList<>(spool.claim(Stage.CHAIN, 10, LEASE));
        Collections.reverse(claims);

        claims.forEach(claim -> spool.park(claim, 1));

        assertThat(spool.claimParked(1, 1, LEASE)).extracting(Claim::id).containsExactly(urgent);
        assertThat(spool.claimParked(1, 2, LEASE)).extracting(Claim::id).containsExactly(usual, later);
        assertThat(spool.claimParked(1, 10, LEASE)).extracting(Claim::id).containsExactly(bulk);
    }

    @Test
    void handsOutEnvelopesOfOneMessageOnOneLaneTogether() throws Exception {
        Receipt list = commit(Changes.append(
                message("x"),
                List.of(
                        accepted("Q1", "a@example.org"),
                        accepted("Q1", "b@example.com"),
                        accepted("Q1", "c@example.org"))));
        EnvelopeId other = append("y", details("Q2", "d@example.org"));
        for (Claim claim : spool.claim(Stage.CHAIN, 10, LEASE)) {
            spool.park(claim, claim.envelope().details().forwardDomain().equals("example.org") ? 1 : 2);
        }

        assertThat(spool.claimParked(1, 1, LEASE))
                .extracting(Claim::id)
                .containsExactly(list.created().get(0), list.created().get(2));
        assertThat(spool.claimParked(1, 1, LEASE)).extracting(Claim::id).containsExactly(other);
        assertThat(spool.parked(2)).isEqualTo(1);
    }

    @Test
    void handsOutAtMostSoManyOfOneMessageTogether() throws Exception {
        int many = Spool.MOST_TOGETHER + 500;
        commit(Changes.append(
                message("x"),
                IntStream.range(0, many)
                        .mapToObj(i -> accepted("Q1", "u" + i + "@example.org"))
                        .toList()));
        spool.claim(Stage.CHAIN, many, LEASE).forEach(claim -> spool.park(claim, 1));
        assertThat(spool.parked(1)).isEqualTo(many);

        assertThat(spool.claimParked(1, 1, LEASE)).hasSize(Spool.MOST_TOGETHER);
        assertThat(spool.claimParked(1, 1, LEASE)).hasSize(500);
    }

    @Test
    void handsOutAsUsualWhatWasUnparked() throws Exception {
        EnvelopeId id = append("x", details("Q1", "a@example.org"));
        spool.park(claimOne(), 1);

        spool.unpark(1);
        spool.unpark(2);

        assertThat(spool.parked(1)).isZero();
        assertThat(spool.awaitDue(Stage.CHAIN, Duration.ZERO)).isTrue();
        assertThat(claimOne().id()).isEqualTo(id);
    }

    @Test
    void leavesItsLaneWithItsNextClaim() throws Exception {
        EnvelopeId id = append("x", details("Q1", "a@example.org"));
        spool.park(claimOne(), 1);

        spool.release(spool.claimParked(1, 1, LEASE).get(0));
        assertThat(spool.parked(1)).isZero();
        spool.park(claimOne(), 1);
        assertThat(spool.claimParked(1, 1, LEASE)).hasSize(1);
        clock.advance(LEASE);
        assertThat(claimOne().id()).as("the lease ended").isEqualTo(id);
    }

    @Test
    void parksWhatWasParkedBefore() throws Exception {
        EnvelopeId id = append("x", details("Q1", "a@example.org"));
        spool.park(claimOne(), 1);

        spool.park(spool.claimParked(1, 1, LEASE).get(0), 2);

        assertThat(spool.parked(1)).isZero();
        assertThat(spool.claimParked(2, 1, LEASE)).extracting(Claim::id).containsExactly(id);
    }

    @Test
    void letsOperatorsTakeWhatIsParked() throws Exception {
        EnvelopeId held = append("x", details("Q1", "a@example.org"));
        EnvelopeId retried = append("x", details("Q2", "a@example.org"));
        EnvelopeId removed = append("x", details("Q3", "a@example.org"));
        spool.claim(Stage.CHAIN, 10, LEASE).forEach(claim -> spool.park(claim, 1));
        QueueActions actions = new QueueActions(spool);

        assertThat(await(actions.hold(held))).isEqualTo(QueueActions.Result.DONE);
        assertThat(await(actions.retry(retried))).isEqualTo(QueueActions.Result.DONE);
        assertThat(await(actions.remove(removed))).isEqualTo(QueueActions.Result.DONE);

        assertThat(spool.parked(1)).isZero();
        assertThat(spool.claim(Stage.CHAIN, 10, LEASE)).extracting(Claim::id).containsExactly(retried);
    }

    @Test
    void holdsWhatIsParkedWithEverythingElse() throws Exception {
        EnvelopeId id = append("x", details("Q1", "a@example.org"));
        spool.park(claimOne(), 1);

        await(spool.holdAll(true));
        assertThat(spool.claimParked(1, 1, LEASE)).isEmpty();
        assertThat(statusOf(id)).isEqualTo(HELD);
        await(spool.holdAll(false));

        assertThat(spool.claimParked(1, 1, LEASE)).extracting(Claim::id).containsExactly(id);
    }

    @Test
    void parksNothingByAClaimThatEnded() throws Exception {
        append("x", details("Q1", "a@example.org"));
        Claim released = claimOne();
        spool.release(released);
        spool.park(released, 1);
        assertThat(spool.parked(1)).isZero();

        Claim late = claimOne();
        clock.advance(LEASE);
        spool.park(late, 1);
        assertThat(spool.parked(1)).isZero();

        Claim done = claimOne();
        commit(new Changes().remove(done, Disposition.DELIVERED));
        spool.park(done, 1);
        assertThat(spool.parked(1)).isZero();
    }

    @Test
    void releasesInsteadOfParkingWhatIsNotDue() throws Exception {
        EnvelopeId waiting = append(
                "x",
                details("Q1", "a@example.org").withNextAttempt(clock.instant().plusSeconds(60)));
        EnvelopeId held = append("x", details("Q2", "a@example.org").withHeld(true));
        EnvelopeId removed = append("x", details("Q3", "a@example.org"));
        await(new QueueActions(spool).remove(removed));

        for (EnvelopeId id : List.of(waiting, held, removed)) {
            spool.park(spool.claim(id, LEASE).orElseThrow(), 1);
        }

        assertThat(spool.parked(1)).isZero();
        assertThat(statusOf(waiting)).isEqualTo(WAITING);
        assertThat(statusOf(held)).isEqualTo(HELD);
        clock.advance(Duration.ofSeconds(60));
        assertThat(claimOne().id()).isEqualTo(waiting);
    }

    // ------------------------------------------------------------------ update, share, remove

    @Test
    void defersAndComesBack() throws Exception {
        EnvelopeId id = append("x", details("Q1", "a@example.org"));
        Claim claim = claimOne();
        EnvelopeDetails deferred =
                claim.envelope().details().deferred(spool.now().plusSeconds(300), "451 4.3.0 later");

        commit(new Changes().update(claim, deferred).relaxed());

        assertThat(find(id).details()).isEqualTo(deferred);
        assertThat(spool.claim(Stage.CHAIN, 10, LEASE)).isEmpty();
        clock.advance(Duration.ofSeconds(300));
        assertThat(claimOne().envelope().details().attempts()).isEqualTo(1);
    }

    @Test
    void keepsTheClaimOverAnUpdate() throws Exception {
        append("x", details("Q1", "a@example.org"));
        Claim claim = claimOne();
        EnvelopeDetails step = claim.envelope().details().withState(OpaqueState.ofText("{\"step\":3}"));

        Claim kept = commit(new Changes().updateAndKeep(claim, step)).kept().get(0);

        assertThat(spool.claim(Stage.CHAIN, 10, LEASE)).isEmpty();
        assertThat(kept.envelope().details()).isEqualTo(find(claim.id()).details());
        assertThat(kept.envelope().details().state()).isEqualTo(OpaqueState.ofText("{\"step\":3}"));
        commit(new Changes().remove(kept, Disposition.DELIVERED));
        assertThat(spool.status().envelopes()).isZero();
    }

    @Test
    void sharesTheContentOfASplit() throws Exception {
        EnvelopeId first = append("shared", details("Q1", "a@example.org"));
        Claim claim = claimOne();

        Receipt receipt = commit(new Changes()
                .share(claim, List.of(new NewEnvelope(Origin.COPY, details("Q1", "b@example.org"))))
                .update(claim, claim.envelope().details().withStage(Stage.DELIVERY)));

        Envelope copy = find(receipt.created().get(0));
        assertThat(copy.message()).isEqualTo(find(first).message());
        removeNow(first, Disposition.DELIVERED);
        assertThat(new String(bytesOf(copy.id()), US_ASCII)).isEqualTo("shared");
        MessageId message = copy.message();
        removeNow(copy.id(), Disposition.DELIVERED);
        assertThatThrownBy(() -> spool.content(message)).isInstanceOf(SpoolException.NotFound.class);
    }

    @Test
    void givesEnvelopesOtherBytes() throws Exception {
        EnvelopeId id = append("before", details("Q1", "a@example.org"));
        Claim claim = claimOne();
        MessageId before = claim.envelope().message();

        commit(new Changes()
                .rewrite(
                        message("after"),
                        List.of(new Changes.Change.Update(
                                claim, claim.envelope().details(), false)),
                        List.of()));

        assertThat(new String(bytesOf(id), US_ASCII)).isEqualTo("after");
        assertThatThrownBy(() -> spool.content(before)).isInstanceOf(SpoolException.NotFound.class);
    }

    @Test
    void commitsWhatAMailetMadeTogetherWithItsStep() throws Exception {
        append("mail", details("Q1", "a@example.org"));
        Claim claim = claimOne();

        Receipt receipt = commit(new Changes()
                .create(message("dsn"), List.of(new NewEnvelope(Origin.DSN, details("Q2", "sender@example.net"))))
                .remove(claim, Disposition.FAILED_WITH_DSN));

        assertThat(new String(bytesOf(receipt.created().get(0)), US_ASCII)).isEqualTo("dsn");
        assertThat(spool.find(claim.id())).isEmpty();
        Accounts accounts = spool.accounts();
        assertThat(accounts.came(Origin.DSN)).isEqualTo(1);
        assertThat(accounts.left(Disposition.FAILED_WITH_DSN)).isEqualTo(1);
        assertThat(accounts.difference()).isZero();
    }

    @Test
    void changesNothingWhenOneClaimOfAStepIsLost() throws Exception {
        append("x", details("Q1", "a@example.org"));
        append("y", details("Q2", "b@example.org"));
        List<Claim> claims = spool.claim(Stage.CHAIN, 10, LEASE);
        spool.release(claims.get(1));

        assertThatThrownBy(() -> commit(new Changes()
                        .remove(claims.get(0), Disposition.DELIVERED)
                        .remove(claims.get(1), Disposition.DELIVERED)))
                .isInstanceOf(SpoolException.ClaimLost.class);

        assertThat(spool.status().envelopes()).isEqualTo(2);
        commit(new Changes().remove(claims.get(0), Disposition.DELIVERED));
        assertThat(spool.status().envelopes()).isEqualTo(1);
    }

    @Test
    void refusesAStepThatChangesAnEnvelopeTwice() throws Exception {
        append("x", details("Q1", "a@example.org"));
        Claim claim = claimOne();

        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        new Changes().update(claim, claim.envelope().details()).remove(claim, Disposition.DELIVERED));
    }

    // ------------------------------------------------------------------ operators

    @Test
    void holdsAndReleases() throws Exception {
        EnvelopeId id = append("x", details("Q1", "a@example.org"));
        QueueActions actions = new QueueActions(spool);

        assertThat(await(actions.hold(id))).isEqualTo(QueueActions.Result.DONE);
        assertThat(await(actions.hold(id))).isEqualTo(QueueActions.Result.UNCHANGED);
        assertThat(spool.claim(Stage.CHAIN, 10, LEASE)).isEmpty();
        assertThat(statusOf(id)).isEqualTo(HELD);

        assertThat(await(actions.release(id))).isEqualTo(QueueActions.Result.DONE);
        assertThat(claimOne().id()).isEqualTo(id);
        assertThat(await(actions.hold(id))).isEqualTo(QueueActions.Result.BUSY);
        assertThat(await(actions.hold(new EnvelopeId(99_999)))).isEqualTo(QueueActions.Result.NOT_FOUND);
    }

    @Test
    void retriesNow() throws Exception {
        EnvelopeId id = append(
                "x",
                details("Q1", "a@example.org").withNextAttempt(clock.instant().plusSeconds(3600)));

        await(new QueueActions(spool).retry(id));

        assertThat(claimOne().id()).isEqualTo(id);
    }

    @Test
    void holdsEverythingThatIsThereAndThatComes() throws Exception {
        EnvelopeId there = append("x", details("Q1", "a@example.org"));

        await(spool.holdAll(true));
        append("y", details("Q2", "a@example.org"));

        assertThat(spool.claim(Stage.CHAIN, 10, LEASE)).isEmpty();
        assertThat(statusOf(there)).isEqualTo(HELD);
        assertThat(spool.status().isHoldingAll()).isTrue();
        await(spool.holdAll(false));
        assertThat(spool.claim(Stage.CHAIN, 10, LEASE)).hasSize(2);
    }

    @Test
    void restoresWhatAnOperatorRemoved() throws Exception {
        EnvelopeId id = append("x", details("Q1", "a@example.org"));
        QueueActions actions = new QueueActions(spool);

        await(actions.remove(id));

        assertThat(spool.claim(Stage.CHAIN, 10, LEASE)).isEmpty();
        assertThat(browse(BrowseFilter.ALL)).isEmpty();
        assertThat(browse(BrowseFilter.ALL.onlyRemoved())).containsExactly(id);
        assertThat(spool.accounts().left(Disposition.REMOVED)).isEqualTo(1);
        assertThat(spool.accounts().inSpool()).isZero();

        assertThat(await(actions.restore(id))).isEqualTo(QueueActions.Result.DONE);

        assertThat(new String(bytesOf(claimOne().id()), US_ASCII)).isEqualTo("x");
        assertThat(spool.accounts().left(Disposition.REMOVED)).isZero();
        assertThat(spool.accounts().difference()).isZero();
    }

    @Test
    void forgetsRemovedEntriesAfterTheRetentionTime() throws Exception {
        EnvelopeId id = append("x", details("Q1", "a@example.org"));
        await(new QueueActions(spool).remove(id));

        advanceSlowly(RETENTION.minusMinutes(1));
        assertThat(spool.find(id)).isPresent();
        advanceSlowly(Duration.ofMinutes(1));

        awaitThat(() -> spool.find(id).isEmpty());
        assertThat(await(new QueueActions(spool).restore(id))).isEqualTo(QueueActions.Result.NOT_FOUND);
        assertThat(spool.accounts().left(Disposition.REMOVED)).isEqualTo(1);
        assertThat(spool.accounts().difference()).isZero();
    }

    @Test
    void removesForGoodWhatWasRemovedBefore() throws Exception {
        EnvelopeId id = append("x", details("Q1", "a@example.org"));
        await(new QueueActions(spool).remove(id));

        removeNow(id, Disposition.REMOVED);

        assertThat(spool.find(id)).isEmpty();
        assertThat(spool.accounts().left(Disposition.REMOVED)).isEqualTo(1);
    }

    // ------------------------------------------------------------------ browse

    @Test
    void browsesByPagesInTheOrderOfArrival() throws Exception {
        List<EnvelopeId> all = new ArrayList<>();
        for (int i = 0; i < 25; i++) {
            all.add(append("x", details("Q" + i, "a@example.org")));
        }

        List<EnvelopeId> seen = new ArrayList<>();
        Optional<EnvelopeId> after = Optional.empty();
        int pages = 0;
        do {
            Page page = spool.browse(BrowseFilter.ALL, after, 10);
            page.entries()
                    .forEach(entry ->
                            seen.add(((Page.Entry.Item) entry).envelope().id()));
            after = page.next();
            pages++;
        } while (after.isPresent());

        assertThat(seen).isEqualTo(all);
        assertThat(pages).isEqualTo(3);
    }

    @Test
    void browsesByEachFilter() throws Exception {
        EnvelopeId a = append("x", details("Qa", "a@Example.org"));
        clock.advance(Duration.ofHours(2));
        EnvelopeId b = append(
                "x", details("Qb", "b@example.net").withStage(Stage.DELIVERY).withReversePath("me@example.com"));
        clock.advance(Duration.ofHours(2));
        EnvelopeId c = append("x", details("Qc", "c@example.net").withHeld(true).withReason("452 4.2.2 Full"));

        assertThat(browse(BrowseFilter.ALL)).containsExactly(a, b, c);
        assertThat(browse(BrowseFilter.ALL.withStage(Stage.DELIVERY))).containsExactly(b);
        assertThat(browse(BrowseFilter.ALL.withQueueId(new QueueId("Qb")))).containsExactly(b);
        assertThat(browse(BrowseFilter.ALL.withReversePath("ME@example.com"))).containsExactly(b);
        assertThat(browse(BrowseFilter.ALL.withForwardPath("a@example.org"))).containsExactly(a);
        assertThat(browse(BrowseFilter.ALL.withForwardDomain("EXAMPLE.net"))).containsExactly(b, c);
        assertThat(browse(BrowseFilter.ALL.withReason("4.2.2 full"))).containsExactly(c);
        assertThat(browse(BrowseFilter.ALL.withHeld(true))).containsExactly(c);
        assertThat(browse(BrowseFilter.ALL.withHeld(false))).containsExactly(a, b);
        assertThat(browse(BrowseFilter.ALL.withCreated(null, clock.instant().minusSeconds(3600))))
                .containsExactly(a, b);
        assertThat(browse(BrowseFilter.ALL.withCreated(clock.instant().minusSeconds(3 * 3600), null)))
                .containsExactly(b, c);
    }

    @Test
    void countsByStageAndDestinationWithTheOldest() throws Exception {
        Instant first = clock.instant();
        append("x", details("Q1", "a@example.org"));
        clock.advance(Duration.ofMinutes(1));
        append("y", details("Q2", "b@EXAMPLE.org").withHeld(true));
        append("z", details("Q3", "c@example.com").withStage(Stage.DELIVERY));
        EnvelopeId removed = append("r", details("Q4", "d@example.com"));
        await(new QueueActions(spool).remove(removed));

        Census census = spool.census(1);

        assertThat(census.byStage()).isEqualTo(Map.of(Stage.CHAIN, 2L, Stage.DELIVERY, 1L));
        assertThat(census.held()).isEqualTo(1);
        Instant second = first.truncatedTo(ChronoUnit.SECONDS);
        assertThat(census.oldest()).isEqualTo(second);
        assertThat(census.destinations()).containsExactly(new Census.Destination("example.org", 2, second));
        assertThat(spool.census(10).destinations()).hasSize(2);
    }

    @Test
    void countsNothingInAnEmptySpool() {
        assertThat(spool.census(5)).isEqualTo(new Census(Map.of(), 0, null, List.of()));
    }

    @Test
    void tellsTheSizeOfAMessageWithoutReadingIt() throws Exception {
        EnvelopeId small = append("12345", details("Q1", "a@example.org"));
        EnvelopeId large = appendStreamed(randomBytes(700_000), 50_000, details("Q2", "a@example.org"));

        assertThat(spool.size(find(small).message())).hasValue(5);
        assertThat(spool.size(find(large).message())).hasValue(700_000);
        assertThat(spool.size(new MessageId(99_999))).isEmpty();
    }

    @Test
    void hasNothingToAcknowledgeWhileNothingIsDamaged() throws Exception {
        assertThat(spool.damages()).isEmpty();
        assertThat(await(spool.acknowledge(new DamagedRecord("log/00000001.seg", 128, "envelope 2"))))
                .isFalse();
    }

    @Test
    void tellsWhatAnEnvelopeIsDoing() throws Exception {
        EnvelopeId due = append("x", details("Q1", "a@example.org"));
        assertThat(statusOf(due)).isEqualTo(DUE);
        claimOne();
        assertThat(statusOf(due)).isEqualTo(CLAIMED);
        EnvelopeId waiting = append(
                "x",
                details("Q2", "a@example.org").withNextAttempt(clock.instant().plusSeconds(9)));
        assertThat(statusOf(waiting)).isEqualTo(WAITING);
        assertThat(spool.status().claimed()).isEqualTo(1);
    }

    // ------------------------------------------------------------------ accounts, room, end

    @Test
    void keepsBooksThatAddUpOverARandomLife() throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        for (int round = 0; round < 300; round++) {
            int count = 1 + random.nextInt(3);
            commit(Changes.append(
                    message("mail " + round),
                    IntStream.range(0, count)
                            .mapToObj(i -> accepted("Q", "u" + i + "@example.org"))
                            .toList()));
            for (Claim claim : spool.claim(Stage.CHAIN, random.nextInt(4), LEASE)) {
                live(claim, random);
            }
            clock.advance(Duration.ofSeconds(random.nextInt(60)));
            assertThat(spool.accounts().difference())
                    .as("seed %d round %d", seed, round)
                    .isZero();
        }
        assertThat(spool.accounts().inSpool()).isEqualTo(spool.status().envelopes());
    }

    private void live(Claim claim, Random random) throws Exception {
        EnvelopeDetails details = claim.envelope().details();
        switch (random.nextInt(6)) {
            case 0 ->
                commit(new Changes().update(claim, details.deferred(spool.now().plusSeconds(30), "later")));
            case 1 ->
                commit(new Changes()
                        .share(
                                claim,
                                List.of(new NewEnvelope(Origin.COPY, details), new NewEnvelope(Origin.COPY, details)))
                        .remove(claim, Disposition.REPLACED));
            case 2 -> commit(new Changes().remove(claim, Disposition.DELIVERED).relaxed());
            case 3 ->
                commit(new Changes()
                        .create(message("dsn"), List.of(new NewEnvelope(Origin.DSN, details)))
                        .remove(claim, Disposition.FAILED_WITH_DSN));
            case 4 -> commit(new Changes().remove(claim, Disposition.REMOVED));
            default -> spool.release(claim);
        }
    }

    @Test
    void refusesWhatDoesNotFitAndTakesMailAgainWhenThereIsRoom() throws Exception {
        List<EnvelopeId> taken = new ArrayList<>();
        byte[] large = new byte[4 << 20];
        SpoolException refusal = null;
        for (int i = 0; i < 100 && refusal == null; i++) {
            try {
                taken.add(append(large, details("Q" + i, "a@example.org")));
            } catch (SpoolException e) {
                refusal = e;
            }
        }

        assertThat(refusal).isInstanceOf(SpoolException.Full.class);
        assertThatThrownBy(() -> spool.checkRoom(4 << 20)).isInstanceOf(SpoolException.Full.class);
        assertThat(spool.status().envelopes()).isEqualTo(taken.size());
        for (EnvelopeId id : taken) {
            removeNow(id, Disposition.DELIVERED);
        }
        awaitThat(() -> hasRoom(4 << 20));
        assertThat(append(large, details("Q", "a@example.org"))).isNotNull();
        assertThat(spool.accounts().difference()).isZero();
    }

    @Test
    void refusesEverythingOnceItIsClosed() throws Exception {
        append("x", details("Q1", "a@example.org"));
        spool.close();

        assertThatThrownBy(() -> append("y", details("Q2", "a@example.org"))).isInstanceOf(SpoolException.Closed.class);
        assertThatThrownBy(() -> spool.checkRoom(1)).isInstanceOf(SpoolException.Closed.class);
    }

    // ------------------------------------------------------------------ words of the tests

    protected static EnvelopeDetails details(String queueId, String forwardPath) {
        return EnvelopeDetails.of(new QueueId(queueId), "sender@example.net", forwardPath, Stage.CHAIN);
    }

    protected static NewEnvelope accepted(String queueId, String forwardPath) {
        return NewEnvelope.accepted(details(queueId, forwardPath));
    }

    protected static PendingMessage message(String text) {
        return PendingMessage.of(text.getBytes(US_ASCII));
    }

    protected static byte[] randomBytes(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    protected EnvelopeId append(String text, EnvelopeDetails details) throws Exception {
        return append(text.getBytes(US_ASCII), details);
    }

    /** Large messages go through a writer, as a session's would. */
    protected EnvelopeId append(byte[] bytes, EnvelopeDetails details) throws Exception {
        if (bytes.length > 1 << 20) {
            return appendStreamed(bytes, 65_536, details);
        }
        return commit(Changes.append(PendingMessage.of(bytes), List.of(NewEnvelope.accepted(details))))
                .created()
                .get(0);
    }

    protected EnvelopeId appendStreamed(byte[] bytes, int piece, EnvelopeDetails details) throws Exception {
        try (MessageWriter writer = spool.newMessage()) {
            for (int from = 0; from < bytes.length; from += piece) {
                await(writer.write(ByteBuffer.wrap(bytes, from, Math.min(piece, bytes.length - from))));
            }
            PendingMessage message = await(writer.finish());
            try {
                return commit(Changes.append(message, List.of(NewEnvelope.accepted(details))))
                        .created()
                        .get(0);
            } finally {
                message.close();
            }
        }
    }

    protected Receipt commit(Changes changes) throws Exception {
        var stage = spool.commit(changes);
        spool.flush();
        return await(stage);
    }

    protected void removeNow(EnvelopeId id, Disposition disposition) throws Exception {
        commit(new Changes().remove(spool.claim(id, LEASE).orElseThrow(), disposition));
    }

    protected Claim claimOne() {
        List<Claim> claims = spool.claim(Stage.CHAIN, 1, LEASE);
        assertThat(claims).hasSize(1);
        return claims.get(0);
    }

    protected Envelope find(EnvelopeId id) throws SpoolException {
        return spool.find(id).orElseThrow();
    }

    protected byte[] bytesOf(EnvelopeId id) throws SpoolException, IOException {
        try (InputStream in = spool.content(find(id).message()).open()) {
            return in.readAllBytes();
        }
    }

    protected Page.Status statusOf(EnvelopeId id) throws SpoolException {
        return spool.browse(BrowseFilter.ALL, Optional.empty(), 1000).entries().stream()
                .map(entry -> (Page.Entry.Item) entry)
                .filter(item -> item.envelope().id().equals(id))
                .map(Page.Entry.Item::status)
                .findFirst()
                .orElseThrow();
    }

    protected List<EnvelopeId> browse(BrowseFilter filter) throws SpoolException {
        return spool.browse(filter, Optional.empty(), 1000).entries().stream()
                .map(entry -> ((Page.Entry.Item) entry).envelope().id())
                .toList();
    }

    private boolean hasRoom(long size) throws SpoolException {
        try {
            spool.checkRoom(size);
            return true;
        } catch (SpoolException.Full e) {
            return false;
        }
    }

    /** So that the spool follows: it takes no leap for time that passed. */
    protected void advanceSlowly(Duration duration) {
        long minutes = duration.toMinutes();
        for (long i = 0; i < minutes; i++) {
            clock.advance(Duration.ofMinutes(1));
            spool.now();
        }
    }

    protected interface Condition {
        boolean holds() throws Exception;
    }

    protected static void awaitThat(Condition condition) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!condition.holds()) {
            assertThat(System.nanoTime()).as("deadline").isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    protected static <T> T await(java.util.concurrent.CompletionStage<T> stage) throws Exception {
        try {
            return stage.toCompletableFuture().get(60, TimeUnit.SECONDS);
        } catch (java.util.concurrent.ExecutionException e) {
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw e;
        }
    }
}
