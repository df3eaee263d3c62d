package org.relais.access.pop3;

import java.io.IOException;
import java.io.InputStream;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** The mails of one user as they were when the session began. For one thread at a time; calls may block. */
public interface Maildrop {

    /**
     * One mail.
     *
     * @param uniqueId 1 to 70 printable ASCII characters that never name another mail (RFC 1939 §7, UIDL)
     * @param octets its size
     */
    record Mail(String uniqueId, long octets) {}

    /** In the order of their numbers, which begin with 1. */
    List<Mail> mails();

    /**
     * The mail's octets; empty if it has been removed in the meantime.
     *
     * @param index from 0 on
     */
    Optional<InputStream> content(int index) throws IOException;

    /** Removes mails for good; those that are gone already count as removed. */
    void delete(Collection<Integer> indexes) throws IOException;
}
