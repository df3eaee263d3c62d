package org.relais.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.relais.testkit.dialogue.SmtpDialogue;

/** The judge itself: what it must find, and what it must let pass. */
@Timeout(60)
class LedgerTest {
    private static final byte[] TRACE =
            "Received: from load.test\r\n\tby mx; now\r\n".getBytes(StandardCharsets.US_ASCII);

    private final CrashMails mails = new CrashMails(42);
    private final Ledger ledger = new Ledger(mails);
    private final CrashMails.Plan plan = ledger.begin();
    private final List<String> forwardPaths = IntStream.range(0, plan.recipients())
            .mapToObj(recipient -> CrashMails.forwardPath(plan.id(), recipient))
            .toList();

    private byte[] relayed() {
        byte[] content = mails.content(plan.id());
        byte[] all = new byte[TRACE.length + content.length];
        System.arraycopy(TRACE, 0, all, 0, TRACE.length);
        System.arraycopy(content, 0, all, TRACE.length, content.length);
        return all;
    }

    /** It comes to the sink and is answered 250. */
    private void comes() {
        ledger.taken(ledger.arrived(relayed(), forwardPaths));
    }

    @Test
    void letsAMailPassThatCameOnceBelowItsTraceFields() {
        ledger.accepted(plan);
        comes();

        ledger.verdict().isSound();
        assertThat(ledger.outstanding()).isZero();
    }

    @Test
    void countsAMailThatComesOutBeforeIts250IsRead() {
        comes();
        ledger.accepted(plan);

        assertThat(ledger.outstanding()).isZero();
        ledger.verdict().isSound();
    }

    @Test
    void missesAnAcceptedMailThatIsNowhere() {
        ledger.accepted(plan);

        assertThat(ledger.verdict().lost()).hasSize(plan.recipients());
        assertThatThrownBy(() -> ledger.verdict().isSound()).hasMessageContaining("lost");
    }

    @Test
    void missesNoMailWhoseReplyWasNotRead() {
        ledger.verdict().isSound();
    }

    @Test
    void takesAMailInTheSpoolForKept() {
        ledger.accepted(plan);
        forwardPaths.forEach(forwardPath -> ledger.found(relayed(), forwardPath));

        ledger.verdict().isSound();
        assertThat(ledger.verdict().kept()).isEqualTo(plan.recipients());
    }

    @Test
    void findsTwoEnvelopesForOneCopy() {
        forwardPaths.forEach(forwardPath -> ledger.found(relayed(), forwardPath));
        ledger.found(relayed(), forwardPaths.get(0));

        assertThat(ledger.verdict().twiceInSpool()).isEqualTo(1);
    }

    @Test
    void forgivesARepeatOnlyBehindAKill() {
        ledger.accepted(plan);
        comes();
        ledger.killed(System.nanoTime());
        comes();
        ledger.verdict().isSound();
        assertThat(ledger.verdict().repeated()).isEqualTo(plan.recipients());

        comes();

        assertThatThrownBy(() -> ledger.verdict().isSound()).hasMessageContaining("twice without a kill");
    }

    @Test
    void findsASingleAlteredOctet() {
        ledger.accepted(plan);
        byte[] altered = relayed();
        altered[altered.length / 2] ^= 1;

        ledger.arrived(altered, forwardPaths);

        assertThat(ledger.verdict().faults()).singleElement().asString().contains("differs at octet");
        assertThat(ledger.verdict().lost()).hasSize(plan.recipients());
    }

    @Test
    void findsAMailThatCameAlthoughItWasRefused() {
        ledger.refused(plan, "452 4.3.1 full");
        comes();

        assertThat(ledger.verdict().refusedButThere()).isEqualTo(plan.recipients());
    }

    @Test
    void findsAMailForSomebodyElse() {
        ledger.arrived(relayed(), List.of(CrashMails.forwardPath(plan.id() + 1, 0)));

        assertThat(ledger.verdict().faults()).hasSize(1);
    }

    @Test
    void makesTheSameMailAgainAndNoTwoAlike() {
        var others = new CrashMails(42);

        assertThat(IntStream.range(0, 200)).allSatisfy(id -> {
            assertThat(mails.content(id)).isEqualTo(others.content(id));
            assertThat(mails.idOf(mails.content(id))).contains(id);
        });
        assertThat(mails.content(1)).isNotEqualTo(mails.content(2));
        assertThat(IntStream.range(0, 500)).anyMatch(id -> mails.content(id).length > 1 << 20);
    }

    @Test
    void theSinkEntersAMailAheadOfItsReply() throws IOException, InterruptedException {
        try (var sink = new CrashSink(ledger)) {
            int port = Integer.parseInt(sink.hostAndPort().split(":")[1]);
            ledger.accepted(plan);
            try (var smtp = SmtpDialogue.greeted(port).withPatience(Duration.ofSeconds(20))) {
                smtp.ask("MAIL FROM:<" + CrashMails.reversePath(plan.id()) + ">", "250");
                forwardPaths.forEach(forwardPath -> smtp.ask("RCPT TO:<" + forwardPath + ">", "250"));
                smtp.ask("DATA", "354");
                assertThat(smtp.content(relayed()).reply().isPositive()).isTrue();
            }

            sink.settle();

            ledger.verdict().isSound();
        }
    }
}
