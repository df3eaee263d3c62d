package org.relais.crash;

import java.util.List;
import java.util.Optional;
import org.relais.crash.CrashMails.Copy;

/**
 * What one transaction brought to the sink, for what becomes of its reply.
 *
 * @param copies of a mail of the load
 * @param bounce the Message-ID of a bounce
 */
record Arrived(List<Copy> copies, Optional<String> bounce) {
    Arrived {
        copies = List.copyOf(copies);
    }
}
