package org.relais.spool.engine;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.relais.spool.DamagedRecord;
import org.relais.spool.SpoolException;
import org.relais.spool.index.EnvelopeEntry;
import org.relais.spool.index.MessageEntry;

/**
 * Keeps records on disk: steps of records in, single records out, everything at the start. {@link #append},
 * {@link #sync} and {@link #recover} are called by one thread at a time, {@link #maintain} by another one meanwhile,
 * all others by any.
 */
public interface RecordStore extends AutoCloseable {

    /**
     * Tells {@code listener} everything that is there, in an order in which it can be repeated.
     *
     * @param live the engine, asked from then on by {@link #append} and {@link #maintain}
     */
    void recover(Listener listener, Live live) throws SpoolException;

    /** Told once for each record that is live, when the recovery is over. */
    void retain(long location, int length);

    /**
     * Writes all records of all steps and places them. On return they survive the end of the process and, with
     * {@code sync}, of the machine.
     *
     * @throws SpoolException.Full if there was no room: then nothing was written
     * @throws SpoolException.Broken if nobody knows what was written
     */
    void append(List<List<Record>> steps, boolean sync) throws SpoolException;

    /** Frees room that was set aside for records which give space back. False if there is none (left). */
    default boolean useReserve() throws SpoolException {
        return false;
    }

    /** Tries whether records which give space back have room (again), and some to spare. */
    default boolean hasRoomToEnd() throws SpoolException {
        return true;
    }

    /** Makes durable what was appended without. Does nothing if there is nothing. */
    void sync() throws SpoolException;

    /** The end of what was appended: what lies before and was applied need not be repeated after a checkpoint. */
    long position();

    /** The body of that record; empty if the record was moved elsewhere: then the index knows where. */
    Optional<byte[]> read(byte type, long id, long location, int length) throws SpoolException;

    /** Nothing refers to that record any more. */
    void discard(byte type, long id, long location, int length);

    /** Gives space back, and shortens the next start. Called every now and then. */
    void maintain() throws SpoolException;

    /** Keeps a state from which the next start is quick. Nothing is appended afterwards. */
    void checkpoint() throws SpoolException;

    /** Closes the files as they are. */
    @Override
    void close();

    long bytesOnDisk();

    long syncs();

    /** Takes what is recovered. */
    interface Listener {
        /** A state to start from; before everything else, if there is one. */
        void checkpoint(CheckpointHead head);

        void message(MessageEntry entry);

        void envelope(EnvelopeEntry entry);

        /**
         * A step to repeat.
         *
         * @param isWhole no record of it is damaged
         */
        void step(List<Record> records, boolean isWhole);

        void damaged(DamagedRecord damage);

        /**
         * A record whose header is good and whose body is not; {@link #damaged} is told as well. In the order of the
         * steps.
         */
        default void damagedBody(Record record, DamagedRecord damage) {}
    }

    /** What the engine knows, for a store that copies live records elsewhere or writes checkpoints. */
    interface Live {
        boolean isLive(byte type, long id, long location);

        /** The record lies elsewhere now; false, and nothing done, if it changed meanwhile. */
        boolean moved(byte type, long id, long from, long to);

        /** The state without messages and envelopes, and the position up to which it holds. */
        CheckpointHead head();

        /** Streams all messages, then all envelopes, a piece at a time; newer than the head in parts. */
        void entries(EntrySink sink) throws IOException;

        /** Makes durable what was applied so far. */
        void sync() throws SpoolException;

        void damaged(DamagedRecord damage);
    }

    /** Takes entries for a checkpoint. */
    interface EntrySink {
        void message(MessageEntry entry) throws IOException;

        void envelope(EnvelopeEntry entry) throws IOException;
    }
}
