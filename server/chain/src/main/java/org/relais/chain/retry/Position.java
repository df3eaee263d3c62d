package org.relais.chain.retry;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where in a chain a mail waits.
 *
 * @param step the step to go on with, from 0
 * @param matched whether the step's matcher has already chosen this mail's recipients
 * @param fingerprint of the processor up to that step, see {@code ProcessorPlan}
 */
public record Position(String processor, int step, boolean matched, String fingerprint) {
    private static final Pattern SYNTAX = Pattern.compile("1 (\\d{1,6}) (match|act) ([0-9a-f]{1,64}) (.+)");

    /** One line of text that {@link #parse} reads back; its first word is the version of this format. */
    public String toText() {
        return "1 " + step + (matched ? " act " : " match ") + fingerprint + " " + processor;
    }

    /** Empty for text that no {@link #toText} of this version wrote. */
    public static Optional<Position> parse(String text) {
        Matcher matcher = SYNTAX.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        return Optional.of(new Position(
                matcher.group(4),
                Integer.parseInt(matcher.group(1)),
                matcher.group(2).equals("act"),
                matcher.group(3)));
    }
}
