package org.relais.spool;

import org.jspecify.annotations.Nullable;
import org.relais.model.QueueId;

/**
 * A record on disk that does not match its checksum, or something that is missing because of one.
 *
 * @param file name within the spool's folder
 * @param offset where it begins, in bytes
 * @param what what it was and whose, as far as that can still be told
 * @param envelope whose record it was, if it was an envelope's and that can be told
 * @param queueId of that envelope, if it can be told
 */
public record DamagedRecord(
        String file,
        long offset,
        String what,
        @Nullable EnvelopeId envelope,
        @Nullable QueueId queueId) {
    /** The file's name for a damage that shows in the accounts alone. */
    public static final String ACCOUNTS = "accounts";

    public DamagedRecord(String file, long offset, String what) {
        this(file, offset, what, null, null);
    }

    public DamagedRecord withEnvelope(EnvelopeId whose, @Nullable QueueId queue) {
        return new DamagedRecord(file, offset, what, whose, queue);
    }

    /** Whether it is the same place, whatever is known of it. */
    public boolean isAt(DamagedRecord other) {
        return file.equals(other.file) && offset == other.offset && what.equals(other.what);
    }

    @Override
    public String toString() {
        return file + " at " + offset + ": " + what + (queueId == null ? "" : ", queue id " + queueId);
    }
}
