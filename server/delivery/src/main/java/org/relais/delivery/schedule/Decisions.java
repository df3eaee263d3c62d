package org.relais.delivery.schedule;

import java.time.Instant;
import java.util.Optional;

/** Told each decision about a destination, with its cause: for the log. */
@FunctionalInterface
public interface Decisions {

    /** @param text {@code concurrency 20 → 5: 421 4.7.28 ×12 in 60 s, until 14:05} */
    void decided(String destination, String text, Optional<Instant> until);
}
