package org.relais.chain.plan;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a mail whose matcher or mailet threw.
 *
 * <p>Deviation: James sends it to the processor {@code error} unless the chain says otherwise, and its {@code propagate}
 * runs the whole chain again. Here both mean {@link Defer}: a fault of ours never bounces a user's mail.
 */
public sealed interface OnException {
    /** Kept, and tried again later at the same step. */
    record Defer() implements OnException {}

    /** A mailet's: goes on as if the mailet had done its work. */
    record Ignore() implements OnException {}

    /** A matcher's: no recipient matches. */
    record MatchNone() implements OnException {}

    /** A matcher's: every recipient matches. */
    record MatchAll() implements OnException {}

    /** Goes to another processor of the same chain. */
    record ToProcessor(String processor) implements OnException {}

    /** Reads {@code onMailetException}; null: the parameter is absent. */
    static OnException ofMailet(@Nullable String parameter) {
        String word = word(parameter);
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "", "propagate" -> new Defer();
            case "ignore" -> new Ignore();
            default -> new ToProcessor(word);
        };
    }

    /** Reads {@code onMatchException}; null: the parameter is absent. */
    static OnException ofMatcher(@Nullable String parameter) {
        String word = word(parameter);
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "", "propagate" -> new Defer();
            case "nomatch" -> new MatchNone();
            case "matchall" -> new MatchAll();
            default -> new ToProcessor(word);
        };
    }

    private static String word(@Nullable String parameter) {
        return parameter == null ? "" : parameter.strip();
    }
}
