package org.relais.administration.port;

import org.jspecify.annotations.Nullable;

/**
 * Something on disk that cannot be read.
 *
 * @param file within the spool's folder
 * @param offset in octets
 * @param what what it was
 * @param queueId the mail it hit, if that can be told
 */
public record QueueDamage(
        String file, long offset, String what, @Nullable String queueId) {

    /** As it is named on the command line. */
    public String place() {
        return file + ":" + offset;
    }

    /** For people, in one line. */
    public String inWords() {
        return place() + ": " + what + (queueId == null ? "" : ", queue id " + queueId);
    }
}
