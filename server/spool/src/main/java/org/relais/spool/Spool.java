package org.relais.spool;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;

/**
 * What was accepted and is not yet done with. What a {@link #commit} completed for is on disk, is never altered, and
 * ends by a commit that says how ({@link Disposition}).
 *
 * <p>Delivery is at least once: a claim that was not committed when the process ended is handed out again.
 *
 * <p>Safe for use by many threads. Stages complete on the spool's own thread (or on the one that called
 * {@link #flush()}): what follows them must neither block nor take long. They fail with {@link SpoolException}s.
 */
public interface Spool extends AutoCloseable {

    /** Throws if a message of {@code size} bytes would not be accepted now. Cheap: asked before each DATA. */
    void checkRoom(long size) throws SpoolException;

    /** For a message that arrives in pieces. */
    MessageWriter newMessage();

    /**
     * Makes one atomic step. The stage completes when the step is on disk, together with all others of the same
     * moment. If it fails, nothing was changed, the claims go on, and messages that were to be created are still the
     * caller's — but for {@link SpoolException.Broken}, after which only a restart tells.
     */
    CompletionStage<Receipt> commit(Changes changes);

    /** With commits on the caller's thread: does what was submitted. Otherwise nothing. */
    void flush();

    /**
     * Envelopes of {@code stage} that are due, by priority, then by the time they became due. Those that share a
     * message with one that is handed out come with it, next to it, if they are due too; so that the result can be
     * longer than {@code atMost}, by at most {@value #MOST_TOGETHER}.
     *
     * <p>Nothing for {@link Stage#DELIVERY} while not even the end of an envelope can be written: what is delivered then
     * would be delivered again and again, at the end of each lease.
     */
    List<Claim> claim(Stage stage, int atMost, Duration lease);

    /** That envelope, due or not, held or not, removed or not; empty if it is unknown or claimed. */
    Optional<Claim> claim(EnvelopeId id, Duration lease) throws SpoolException;

    /** The same claim with a longer lease; empty if it ended. */
    Optional<Claim> renew(Claim claim, Duration lease);

    /** Ends a claim without a change. Does nothing if it ended before. */
    void release(Claim claim);

    /**
     * Ends a claim on what is due but has to wait for others: for its destination, say. Nothing is written or read. The
     * envelope stays due, and {@link #browse} says so, but {@link #claim(Stage, int, Duration)} hands it out no more:
     * {@link #claimParked} does, by that lane. It leaves the lane by {@link #claimParked}, by {@link #unpark}, by a
     * claim on it alone, as operators make, and with the process; then it is handed out as usual again. What is not
     * due, or held, or removed, is {@linkplain #release released} instead. Does nothing if the claim ended before.
     *
     * @param lane a number of the caller's; a lane exists while something is on it
     */
    void park(Claim claim, long lane);

    /**
     * As {@link #claim(Stage, int, Duration)}, of those that are parked on that lane, whatever their stage: nothing while
     * everything is {@linkplain #holdAll held} or while no end can be written.
     */
    List<Claim> claimParked(long lane, int atMost, Duration lease);

    /** How many are parked on that lane. */
    int parked(long lane);

    /** All that are parked on that lane are handed out as usual again. */
    void unpark(long lane);

    /** Waits until an envelope of {@code stage} is due and not parked, or {@code atMost}. Tells whether one is. */
    boolean awaitDue(Stage stage, Duration atMost) throws InterruptedException;

    Optional<Envelope> find(EnvelopeId id) throws SpoolException;

    MessageContent content(MessageId id) throws SpoolException;

    /** The message's bytes, without reading it; empty if there is none. */
    OptionalLong size(MessageId id);

    /** Counts what is there, with the {@code destinations} domains that have most. */
    Census census(int destinations);

    /** At most {@code limit} entries behind {@code after}, or from the start if that is empty. */
    Page browse(BrowseFilter filter, Optional<EnvelopeId> after, int limit) throws SpoolException;

    /** Holds everything, also what comes, until told otherwise; survives a restart. */
    CompletionStage<Void> holdAll(boolean hold);

    Accounts accounts();

    /** Damage that was found and that nobody {@linkplain #acknowledge acknowledged}; bounded. */
    List<DamagedRecord> damages();

    /**
     * An operator knows of that damage and wants no more of it: it is not told any more, and the envelope that it made
     * unreadable leaves as {@link Disposition#REMOVED}, for good. False if there is no such damage (any more).
     */
    CompletionStage<Boolean> acknowledge(DamagedRecord damage);

    SpoolStatus status();

    /**
     * The spool's time: the clock's, but it never steps back, not even over a restart, and a leap forward of the clock
     * reaches it slowly. Delays and expiry are reckoned with it.
     */
    Instant now();

    /** Completes what was submitted, ends what waits, and closes the files. */
    @Override
    void close() throws SpoolException;

    /** How many envelopes of one message are handed out together at most. */
    int MOST_TOGETHER = 1000;
}
