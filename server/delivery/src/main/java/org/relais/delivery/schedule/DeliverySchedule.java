package org.relais.delivery.schedule;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Whose turn it is: a queue for each destination, fair between its senders, with a bound on what runs at once that
 * follows feedback. Pure: it decides, and the engine claims, sends and tells it what came of that. For one thread.
 *
 * <p>It keeps little in memory: what is due and finds no room is <em>parked</em> in the spool, on a lane for each
 * destination and group of senders, and asked for again when there is room.
 *
 * @param <J> a job: the envelopes of one mail for one destination, which one transaction may carry
 */
public interface DeliverySchedule<J> {

    /**
     * Takes a job that is due, or tells on which lane it is to be parked.
     *
     * @param sender the reverse-path: fairness is between senders
     * @param recipients how many forward-paths the job has
     */
    Offer offer(String destination, String sender, int priority, int recipients, J job);

    /** What became of an offer. */
    sealed interface Offer {
        record Queued() implements Offer {}

        /** No room: park it on that lane, and call {@link #parked} when that is done. */
        record Park(long lane) implements Offer {}

        /** The destination is suspended, or not to be had: not before that instant, for that reason; uncounted. */
        record Later(Instant until, String reason) implements Offer {}
    }

    /**
     * That many envelopes stand on that lane now, as far as the spool knows; 0 forgets it. To be told after each
     * parking and each refilling, also when nothing came of them; a lane that is not known is one of before a start.
     */
    void parked(long lane, int envelopes);

    /**
     * The lane whose envelopes should be claimed and offered next, if there is one with room. It is not named again
     * until {@link #parked} has been told of it.
     */
    Optional<Lane> refill();

    /** @param atMost envelopes */
    record Lane(long lane, int atMost) {}

    /** The next job that may start now, with its destination; it counts as running until {@link #ended}. */
    Optional<Start<J>> next();

    record Start<J>(String destination, J job) {}

    /**
     * A job that was queued and is given back, because its destination has been suspended or is not to be had: the
     * engine puts it back as with {@link Offer.Later}. To be asked for until it is empty, after {@link #ended} and
     * {@link #suspend}.
     */
    Optional<Returned<J>> returned();

    record Returned<J>(String destination, J job, Instant until, String reason) {}

    /**
     * Starts nothing more to the destinations that {@code pattern} names ({@link DestinationPattern}).
     *
     * @param until empty: until {@link #resume}
     */
    void suspend(String pattern, Optional<Instant> until, String reason);

    /** Ends the suspension that was made with {@code pattern}, if there is one. */
    boolean resume(String pattern, String reason);

    /** What a job that ran came to, as far as the destination is concerned. */
    void ended(String destination, Feedback feedback);

    /** When {@link #next} or {@link #refill} may have something without any further call; empty: never. */
    Optional<Instant> wakeAt();

    /** What is shown by {@code relais queue stats}: destinations with something queued, parked, running or decided. */
    List<DestinationState> destinations();

    /** Jobs that are queued or running, in all. */
    int size();
}
