package org.relais.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.relais.crash.CrashMails.Copy;

/**
 * What came of a run; a copy is one mail for one forward-path.
 *
 * @param kills rounds
 * @param mails that were answered 250, by how they were sent
 * @param acknowledged copies that were answered 250
 * @param delivered copies that the sink took at least once, with those whose reply nobody read
 * @param returned copies that the sink refused, and whose sender got a bounce for them
 * @param bounces different ones that came
 * @param kept copies that did not come and are in the spool
 * @param repeated what came again because of a kill, copies and bounces
 * @param oldestRepeat the longest time before a kill that something was delivered that came again afterwards
 * @param inDoubt what came again because the sink had given no 250
 * @param lost copies that were answered 250 and are nowhere
 * @param twiceInSpool copies that two envelopes of the spool stand for
 * @param refusedButThere copies that were refused, and came or are in the spool all the same
 * @param replies negative ones, how often each
 * @param faults altered octets, strange mails, repeats without a kill or older than {@link Repeats#WINDOW}
 */
record Verdict(
        int kills,
        Map<CrashMails.Framing, Integer> mails,
        long acknowledged,
        long delivered,
        long returned,
        long bounces,
        long kept,
        long repeated,
        Duration oldestRepeat,
        long inDoubt,
        List<Copy> lost,
        long twiceInSpool,
        long refusedButThere,
        Map<String, Integer> replies,
        List<String> faults) {
    /**
     * At most so many deliveries can have come to their end in the moment of a kill, without the spool knowing: those of
     * all delivery workers, each with all recipients of a mail.
     */
    private static final int MOST_IN_FLIGHT = 200;

    Verdict {
        lost = List.copyOf(lost);
    }

    /** Nothing lost, nothing altered, nothing twice but by a kill. */
    void isSound() {
        assertThat(faults).as("faults: %s", this).isEmpty();
        assertThat(lost.size()).as("lost: %s", this).isZero();
        assertThat(twiceInSpool).as("twice in the spool: %s", this).isZero();
        assertThat(refusedButThere).as("refused, but there: %s", this).isZero();
        assertThat(repeated).as("repeated: %s", this).isLessThanOrEqualTo((long) kills * MOST_IN_FLIGHT);
    }

    @Override
    public String toString() {
        return kills + " rounds, " + acknowledged + " acknowledged (mails: " + mails + "), " + delivered
                + " delivered, " + returned + " returned by " + bounces + " bounces, " + kept + " in the spool, "
                + repeated + " repeated (delivered at most "
                + oldestRepeat.toMillis() + " ms before the kill, of " + Repeats.WINDOW.toMillis() + "), " + inDoubt
                + " repeated for want of a 250, " + lost.size() + " lost "
                + lost.stream().limit(5).toList() + ", refused " + replies;
    }
}
