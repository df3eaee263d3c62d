package org.relais.chain.james;

import org.apache.james.mailrepository.api.MailRepositoryUrl;
import org.relais.chain.claim.Commits;
import org.relais.chain.retry.RetrySchedule;

/**
 * How mails are led through the chains.
 *
 * @param retries for steps that fail
 * @param mostMoves a mail that moves from processor to processor more often than this in one run goes round in circles
 * @param lastResort the repository for mails that no processor ends
 * @param patience how long the spool may refuse to note a step
 */
public record ChainSettings(
        RetrySchedule retries, int mostMoves, MailRepositoryUrl lastResort, Commits.Patience patience) {
    private static final int MOST_MOVES = 50;

    public ChainSettings {
        if (mostMoves < 1) {
            throw new IllegalArgumentException("mostMoves must be at least 1, was " + mostMoves);
        }
    }

    /** {@code lastResort} e.g. {@code memory://var/mail/error}. */
    public static ChainSettings standard(MailRepositoryUrl lastResort) {
        return new ChainSettings(RetrySchedule.STANDARD, MOST_MOVES, lastResort, Commits.Patience.STANDARD);
    }
}
