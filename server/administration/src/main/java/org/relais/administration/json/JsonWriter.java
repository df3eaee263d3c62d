package org.relais.administration.json;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes maps, lists, strings, finite numbers, booleans and null as JSON (RFC 8259), members in the order of the map, in
 * one line. Anything else is a bug of the caller.
 */
public final class JsonWriter {
    private final StringBuilder text = new StringBuilder();

    private JsonWriter() {}

    public static String write(@Nullable Object value) {
        var writer = new JsonWriter();
        writer.value(value);
        return writer.text.toString();
    }

    private void value(@Nullable Object value) {
        if (value instanceof Map<?, ?> members) {
            object(members);
        } else if (value instanceof Iterable<?> elements) {
            array(elements);
        } else if (value == null || value instanceof Boolean) {
            text.append(value);
        } else if (value instanceof Integer || value instanceof Long) {
            text.append(value);
        } else if (value instanceof Double number && Double.isFinite(number)) {
            text.append(number);
        } else if (value instanceof CharSequence characters) {
            string(characters);
        } else {
            throw new IllegalArgumentException("no JSON for " + value.getClass());
        }
    }

    private void object(Map<?, ?> members) {
        char before = '{';
        for (var member : members.entrySet()) {
            text.append(before);
            string(String.valueOf(member.getKey()));
            text.append(':');
            value(member.getValue());
            before = ',';
        }
        text.append(before == '{' ? "{}" : "}");
    }

    private void array(Iterable<?> elements) {
        char before = '[';
        for (var element : elements) {
            text.append(before);
            value(element);
            before = ',';
        }
        text.append(before == '[' ? "[]" : "]");
    }

    private void string(CharSequence characters) {
        text.append('"');
        for (int i = 0; i < characters.length(); i++) {
            char c = characters.charAt(i);
            switch (c) {
                case '"' -> text.append("\\\"");
                case '\\' -> text.append("\\\\");
                case '\n' -> text.append("\\n");
                case '\r' -> text.append("\\r");
                case '\t' -> text.append("\\t");
                default -> {
                    if (c < 0x20 || c == 0x7f || Character.isSurrogate(c) && !isPaired(characters, i)) {
                        text.append("\\u");
                        for (int shift = 12; shift >= 0; shift -= 4) {
                            text.append(Character.forDigit(c >> shift & 0xf, 16));
                        }
                    } else {
                        text.append(c);
                    }
                }
            }
        }
        text.append('"');
    }

    private static boolean isPaired(CharSequence characters, int i) {
        return Character.isHighSurrogate(characters.charAt(i))
                ? i + 1 < characters.length() && Character.isLowSurrogate(characters.charAt(i + 1))
                : i > 0 && Character.isHighSurrogate(characters.charAt(i - 1));
    }
}
