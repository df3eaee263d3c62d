package org.relais.testkit.load;

import java.time.Duration;
import java.util.List;

/**
 * What came of a load.
 *
 * @param accepted identifiers of the mails that were answered 250
 * @param refused replies that were not positive, with their stage: {@code MAIL: 421 4.3.2 …}
 * @param cut how connections ended that were closed within a transaction
 * @param elapsed first connection to last reply
 */
public record LoadResult(List<Integer> accepted, List<String> refused, List<String> cut, Duration elapsed) {
    public LoadResult {
        accepted = List.copyOf(accepted);
        refused = List.copyOf(refused);
        cut = List.copyOf(cut);
    }

    public double perSecond() {
        return elapsed.isZero() ? 0 : accepted.size() * 1e9 / elapsed.toNanos();
    }

    @Override
    public String toString() {
        return accepted.size() + " accepted in " + elapsed.toMillis() + " ms (" + Math.round(perSecond()) + "/s), "
                + refused.size() + " refused " + refused.stream().limit(3).toList() + ", " + cut.size() + " cut "
                + cut.stream().limit(3).toList();
    }
}
