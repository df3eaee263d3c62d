package org.relais.crash;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.relais.crash.CrashMails.Copy;
import org.relais.crash.Repeats.Arrivals;

/**
 * The bounces that came, by Message-ID. A bounce is committed with the step that makes it: the same one may come again, and
 * no kill makes two of them. Not for use by several threads.
 */
final class Bounces {
    private record Bounce(List<Copy> failed, Arrivals arrivals) {}

    private final Map<String, Bounce> bounces = new HashMap<>();
    private final Map<Copy, String> returned = new HashMap<>();

    /** It has come; tells what is wrong about that. */
    Optional<String> came(CrashDsn dsn, Repeats repeats) {
        Bounce bounce = bounces.computeIfAbsent(dsn.messageId(), id -> new Bounce(dsn.failed(), new Arrivals()));
        Optional<String> repeat = repeats.came(bounce.arrivals()).map(wrong -> dsn + " " + wrong);
        for (Copy copy : dsn.failed()) {
            String first = returned.putIfAbsent(copy, dsn.messageId());
            if (first != null && !first.equals(dsn.messageId())) {
                return Optional.of("two bounces for " + copy + ": " + first + " and " + dsn.messageId());
            }
        }
        return repeat;
    }

    Arrivals arrivals(String messageId) {
        return bounce(messageId).arrivals();
    }

    List<Copy> failed(String messageId) {
        return bounce(messageId).failed();
    }

    private Bounce bounce(String messageId) {
        Bounce bounce = bounces.get(messageId);
        if (bounce == null) {
            throw new IllegalArgumentException(messageId + " did not come");
        }
        return bounce;
    }

    /** How many different ones. */
    int size() {
        return bounces.size();
    }
}
