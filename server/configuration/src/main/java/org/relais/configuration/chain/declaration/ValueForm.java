package org.relais.configuration.chain.declaration;

import java.util.List;

/**
 * What a value may look like: its type and what narrows it.
 *
 * @param choices for {@link ValueType#CHOICE} the words allowed; for addresses the words that stand for an address
 * @param minimum for numbers, inclusive
 * @param maximum for numbers, inclusive
 * @param pattern a regular expression that the whole value matches; empty: any
 * @param each whether the pattern is for each of the parts between commas
 * @param example shown when the pattern is not met
 */
public record ValueForm(
        ValueType type,
        List<String> choices,
        long minimum,
        long maximum,
        String pattern,
        boolean each,
        String example) {
    public ValueForm {
        choices = List.copyOf(choices);
    }

    public static ValueForm of(ValueType type) {
        return new ValueForm(type, List.of(), Long.MIN_VALUE, Long.MAX_VALUE, "", false, "");
    }

    public static ValueForm choice(List<String> words) {
        return new ValueForm(ValueType.CHOICE, words, Long.MIN_VALUE, Long.MAX_VALUE, "", false, "");
    }

    /** Text of the form, of which an example is shown. */
    public static ValueForm like(String pattern, String example) {
        return new ValueForm(ValueType.TEXT, List.of(), Long.MIN_VALUE, Long.MAX_VALUE, pattern, false, example);
    }

    /** A whole number that is not smaller. */
    public static ValueForm atLeast(long minimum) {
        return new ValueForm(ValueType.INTEGER, List.of(), minimum, Long.MAX_VALUE, "", false, "");
    }

    /** For a sentence and for the reference: "a whole number from 0 to 9". */
    public String words() {
        if (!example.isEmpty()) {
            return "text such as " + example;
        }
        return switch (type) {
            case CHOICE -> String.join(", ", choices);
            case INTEGER -> type.words() + range();
            case ADDRESS, ADDRESSES ->
                choices.isEmpty() ? type.words() : type.words() + ", or " + String.join(", ", choices);
            default -> type.words();
        };
    }

    private String range() {
        if (minimum != Long.MIN_VALUE && maximum != Long.MAX_VALUE) {
            return " from " + minimum + " to " + maximum;
        }
        if (minimum != Long.MIN_VALUE) {
            return ", " + minimum + " or more";
        }
        return maximum == Long.MAX_VALUE ? "" : ", " + maximum + " or less";
    }
}
