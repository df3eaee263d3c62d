package org.relais.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.relais.crash.CrashMails.Copy;

/** The judge of repeats and bounces: what it must find, and what it must let pass. */
@Timeout(60)
class OutcomesTest {
    private static final long SEED = 42;

    private final CrashMails mails = new CrashMails(SEED);
    private final Fates fates = Fates.mixed(SEED);
    private final Ledger ledger = new Ledger(mails, fates);
    /** Its only recipient is refused. */
    private final CrashMails.Plan refused = planWhere(true);

    private CrashMails.Plan planWhere(boolean isRefused) {
        return IntStream.range(0, 1000)
                .mapToObj(any -> ledger.begin())
                .filter(plan -> plan.recipients() == 1 && fates.isRefused(new Copy(plan.id(), 0)) == isRefused)
                .findFirst()
                .orElseThrow();
    }

    private static byte[] bounce(String id, CrashMails.Plan plan) {
        return ("Message-ID: <" + id + "@mx>\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n"
                        + "Reporting-MTA: dns; mx\r\n\r\nFinal-Recipient: rfc822; "
                        + CrashMails.forwardPath(plan.id(), 0)
                        + "\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n--b--\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    private void bounces(String id) {
        ledger.taken(ledger.bounced(bounce(id, refused), List.of(CrashMails.reversePath(refused.id()))));
    }

    private Arrived arrives(CrashMails.Plan plan) {
        return ledger.arrived(mails.content(plan.id()), List.of(CrashMails.forwardPath(plan.id(), 0)));
    }

    @Test
    void missesTheBounceOfARefusedRecipient() {
        ledger.accepted(refused);
        assertThat(ledger.verdict().lost()).containsExactly(new Copy(refused.id(), 0));

        bounces("1");

        ledger.verdict().isSound();
        assertThat(ledger.verdict().returned()).isEqualTo(1);
        assertThat(ledger.outstanding()).isZero();
    }

    @Test
    void takesABounceInTheSpoolForKept() {
        ledger.accepted(refused);

        ledger.foundBounce(bounce("1", refused), CrashMails.reversePath(refused.id()));

        ledger.verdict().isSound();
        assertThat(ledger.verdict().kept()).isEqualTo(1);
    }

    @Test
    void forgivesTheSameBounceBehindAKillAndNeverAnotherOne() {
        ledger.accepted(refused);
        bounces("1");
        ledger.killed(System.nanoTime());
        bounces("1");
        ledger.verdict().isSound();
        assertThat(ledger.verdict().bounces()).isEqualTo(1);

        bounces("2");

        assertThat(ledger.verdict().faults()).singleElement().asString().contains("two bounces");
    }

    @Test
    void findsABounceToSomebodyElse() {
        ledger.bounced(bounce("1", refused), List.of(CrashMails.reversePath(refused.id() + 1)));

        assertThat(ledger.verdict().faults()).singleElement().asString().contains("bounced");
    }

    @Test
    void findsABounceOfWhatNobodyRefused() {
        CrashMails.Plan plan = planWhere(false);

        ledger.bounced(bounce("1", plan), List.of(CrashMails.reversePath(plan.id())));

        assertThat(ledger.verdict().faults()).singleElement().asString().contains("bounced");
    }

    @Test
    void findsARefusedRecipientThatIsServed() {
        arrives(refused);

        assertThat(ledger.verdict().faults()).singleElement().asString().contains("although it was refused");
    }

    @Test
    void findsARepeatOfWhatWasDoneLongBeforeTheKill() {
        CrashMails.Plan plan = planWhere(false);
        ledger.taken(arrives(plan));
        ledger.killed(
                System.nanoTime() + Repeats.WINDOW.plus(Duration.ofMillis(1)).toNanos());

        arrives(plan);

        assertThatThrownBy(() -> ledger.verdict().isSound()).hasMessageContaining("before the kill");
    }

    @Test
    void aMailWithoutA250HasNotComeAndMayComeAgain() {
        CrashMails.Plan plan = planWhere(false);
        ledger.accepted(plan);
        arrives(plan);
        assertThat(ledger.verdict().lost()).hasSize(1);

        ledger.taken(arrives(plan));

        ledger.verdict().isSound();
        assertThat(ledger.verdict().inDoubt()).isEqualTo(1);
        assertThat(ledger.verdict().repeated()).isZero();
        assertThat(ledger.outstanding()).isZero();
    }

    @Test
    void a250ThatDiedWithTheSinkIsNoneForTheServer() {
        CrashMails.Plan plan = planWhere(false);
        Arrived arrived = arrives(plan);
        ledger.taken(arrived);
        ledger.doubted(arrived);

        ledger.taken(arrives(plan));
        ledger.verdict().isSound();
        arrives(plan);

        assertThatThrownBy(() -> ledger.verdict().isSound()).hasMessageContaining("twice without a kill");
    }

    @Test
    void everyFateIsMet() {
        assertThat(IntStream.range(0, 500).mapToObj(id -> new Copy(id, 0)))
                .anyMatch(fates::isRefused)
                .anyMatch(copy -> fates.answer(copy).startsWith("451")
                        && fates.answer(copy).startsWith("451")
                        && fates.answer(copy).startsWith("250"))
                .anyMatch(copy -> fates.answer(copy).startsWith("250"));
    }
}
