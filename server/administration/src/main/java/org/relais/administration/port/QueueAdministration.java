package org.relais.administration.port;

import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The spool for who looks after it. An <em>envelope</em> is one forward-path of a mail; the mail's queue id names all of
 * its envelopes. Calls may block on the disk for some seconds; any thread.
 */
public interface QueueAdministration {
    /** What the longest page and the largest batch have. */
    int MOST_AT_ONCE = 1000;

    /**
     * A page of the envelopes that match, oldest first.
     *
     * @param after the number of the envelope behind which it begins; 0: from the start
     */
    QueuePage list(QueueSelection selection, long after, int limit) throws Refusal;

    /** All of a mail; refused as missing if there is no envelope of it. */
    QueuedMail show(String queueId) throws Refusal;

    /**
     * The octets of one message of a mail, with the fields that stand on top of it.
     *
     * @param message its number; 0: the first one of the mail
     */
    Content content(String queueId, long message) throws Refusal;

    /** Does {@code action} to the envelopes of the page that {@link #list} would give. */
    QueueOutcome act(QueueAction action, QueueSelection selection, long after, int limit) throws Refusal;

    /** Holds everything, also what comes from then on and over a restart, or ends that. */
    void holdAll(boolean hold) throws Refusal;

    /** @param destinations of how many domains it tells */
    QueueStatistics statistics(int destinations) throws Refusal;

    /**
     * Takes note of damage, so that it is not told any more; envelopes that it made unreadable leave for good.
     *
     * @param places as {@link QueueDamage#place()} writes them; empty: all that is known
     * @return how many were known
     */
    int acknowledge(List<String> places) throws Refusal;

    /** Octets that are read once. */
    interface Content {
        long size();

        /** Throws while reading, too, where what is on disk is damaged. */
        InputStream open() throws IOException;
    }

    /** A page. */
    record QueuePage(
            List<QueuedEnvelope> envelopes,
            List<QueueDamage> damages,
            @Nullable Long next,
            Instant asOf) {
        public QueuePage {
            envelopes = List.copyOf(envelopes);
            damages = List.copyOf(damages);
        }
    }

    /**
     * What came of a batch, in envelopes.
     *
     * @param unchanged it was so before
     * @param busy somebody works on it just now
     * @param missing queue ids of which there is no envelope; told with the first batch
     * @param next behind which envelope the next batch begins; null: this was the last
     * @param asOf to be passed with the next batch, so that it leaves alone what came meanwhile
     * @param restorableUntil until when what was removed can be restored
     */
    record QueueOutcome(
            long done,
            long unchanged,
            long busy,
            List<String> missing,
            @Nullable Long next,
            Instant asOf,
            @Nullable Instant restorableUntil) {
        public QueueOutcome {
            missing = List.copyOf(missing);
        }
    }
}
