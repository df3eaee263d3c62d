package org.relais.crash;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Judges what comes to a sink again. It may, if the sink never said 250 to it, or said so within {@link #WINDOW} before a
 * kill (docs/operations.md#what-a-kill-repeats). Not for use by several threads.
 */
final class Repeats {
    /** How long before a kill a delivery may have ended that the kill repeats. */
    static final Duration WINDOW = Duration.ofSeconds(2);

    /** One thing that may come: a copy of a mail, or a DSN. Read and changed by {@link Repeats} alone. */
    static final class Arrivals {
        private int count;
        private boolean isEverTaken;
        private boolean isTaken;
        private int round;
        private long at;

        /** Whether the sink has said 250 to it at least once: from then on it is the sink's. */
        boolean isEverTaken() {
            return isEverTaken;
        }
    }

    private final List<Long> kills = new ArrayList<>();
    private long byKill;
    private long inDoubt;
    private Duration oldest = Duration.ZERO;

    /** It has come whole; the reply is not given yet. Tells what is wrong about that. */
    Optional<String> came(Arrivals arrivals) {
        arrivals.count++;
        if (arrivals.count == 1) {
            return Optional.empty();
        }
        if (!arrivals.isTaken) {
            inDoubt++;
            return Optional.empty();
        }
        arrivals.isTaken = false;
        if (arrivals.round == kills.size()) {
            return Optional.of("was delivered twice without a kill between");
        }
        byKill++;
        Duration before = Duration.ofNanos(kills.get(arrivals.round) - arrivals.at);
        oldest = before.compareTo(oldest) > 0 ? before : oldest;
        return before.compareTo(WINDOW) > 0
                ? Optional.of(
                        "was delivered again, although that was done " + before.toMillis() + " ms before the kill")
                : Optional.empty();
    }

    /** The 250 is written. */
    void taken(Arrivals arrivals, long now) {
        arrivals.isEverTaken = true;
        arrivals.isTaken = true;
        arrivals.round = kills.size();
        arrivals.at = now;
    }

    /** The sink died right behind its 250: nobody may have read it. */
    void doubted(Arrivals arrivals) {
        arrivals.isTaken = false;
    }

    /** The server is dead, and nothing of it is on the way any more. */
    void killed(long when) {
        kills.add(when);
    }

    int kills() {
        return kills.size();
    }

    /** What came again because of a kill. */
    long byKill() {
        return byKill;
    }

    /** What came again because it had got no 250. */
    long inDoubt() {
        return inDoubt;
    }

    Duration oldest() {
        return oldest;
    }
}
