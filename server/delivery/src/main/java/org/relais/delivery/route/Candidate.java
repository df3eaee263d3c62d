package org.relais.delivery.route;

import java.net.InetAddress;
import java.util.List;
import org.relais.dns.Lookup;

/**
 * A host that may take the mail.
 *
 * @param rank the lowest first: the preference of an MX host, the place of a named one
 * @param port where it would be spoken to
 */
record Candidate(String host, int rank, int port) {

    /** With what DNS says of its addresses. */
    record Resolved(Candidate candidate, Lookup<InetAddress> addresses) {
        List<InetAddress> found() {
            return addresses instanceof Lookup.Found<InetAddress> found ? found.records() : List.of();
        }
    }
}
