package org.relais.access.smtp;

import java.time.Instant;
import java.util.List;
import org.relais.model.QueueId;
import org.relais.spool.mail.DsnRequest;

/**
 * The envelope of a mail that arrived whole, and where it came from.
 *
 * @param forwardPaths each once, in the client's order
 * @param contentOctets the content as the client sent it, without the trace field put on top
 * @param isEightBit whether the client declared {@code BODY=8BITMIME}
 * @param dsn what the sender asks for, for each of {@code forwardPaths}
 */
public record ReceivedMail(
        QueueId id,
        MailPath reversePath,
        List<MailPath> forwardPaths,
        SessionFacts session,
        Instant receivedAt,
        long contentOctets,
        boolean isEightBit,
        List<DsnRequest> dsn) {
    public ReceivedMail {
        forwardPaths = List.copyOf(forwardPaths);
        dsn = List.copyOf(dsn);
        if (dsn.size() != forwardPaths.size()) {
            throw new IllegalArgumentException(forwardPaths.size() + " forward-paths, but " + dsn.size() + " requests");
        }
    }
}
