package org.relais.administration.json;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads one JSON text (RFC 8259) into {@code Map<String, Object>}, {@code List<Object>}, {@code String}, {@code Long},
 * {@code Double}, {@code Boolean} and null. Strict: no comments, no trailing comma, no member twice, nested at most 32
 * deep. The caller bounds the length.
 */
public final class JsonReader {
    private static final int MAX_DEPTH = 32;

    private final String text;
    private int at;
    private int depth;

    private JsonReader(String text) {
        this.text = text;
    }

    public static @Nullable Object read(String text) throws JsonException {
        var reader = new JsonReader(text);
        var value = reader.value();
        reader.space();
        if (reader.at < text.length()) {
            throw reader.wrong("text behind the value");
        }
        return value;
    }

    /** As {@link #read}, for a text that has to be an object. */
    public static Map<String, @Nullable Object> readObject(String text) throws JsonException {
        if (read(text) instanceof Map<?, ?> members) {
            var object = new LinkedHashMap<String, @Nullable Object>();
            members.forEach((name, value) -> object.put((String) name, value));
            return object;
        }
        throw new JsonException("not an object", 0);
    }

    private @Nullable Object value() throws JsonException {
        space();
        return switch (peek()) {
            case '{' -> object();
            case '[' -> array();
            case '"' -> string();
            case 't' -> word("true", true);
            case 'f' -> word("false", false);
            case 'n' -> word("null", null);
            default -> number();
        };
    }

    private Map<String, @Nullable Object> object() throws JsonException {
        var members = new LinkedHashMap<String, @Nullable Object>();
        open();
        if (!skip('}')) {
            do {
                space();
                var name = string();
                space();
                require(':');
                if (members.containsKey(name)) {
                    throw wrong("member twice");
                }
                members.put(name, value());
                space();
            } while (skip(','));
            require('}');
        }
        depth--;
        return members;
    }

    private List<@Nullable Object> array() throws JsonException {
        var elements = new ArrayList<@Nullable Object>();
        open();
        if (!skip(']')) {
            do {
                elements.add(value());
                space();
            } while (skip(','));
            require(']');
        }
        depth--;
        return elements;
    }

    private String string() throws JsonException {
        require('"');
        var characters = new StringBuilder();
        for (char c = next(); c != '"'; c = next()) {
            if (c < 0x20) {
                throw wrong("control character in a string");
            }
            characters.append(c == '\\' ? escaped() : c);
        }
        return characters.toString();
    }

    private char escaped() throws JsonException {
        char c = next();
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> {
                int code = 0;
                for (int i = 0; i < 4; i++) {
                    int digit = Character.digit(next(), 16);
                    if (digit < 0) {
                        throw wrong("no hexadecimal digit");
                    }
                    code = code << 4 | digit;
                }
                yield (char) code;
            }
            default -> throw wrong("unknown escape");
        };
    }

    /** By hand: patterns took a tenth of a cold command's time. */
    private Object number() throws JsonException {
        int start = at;
        skip('-');
        int first = at;
        int digits = digits();
        boolean isNumber = digits == 1 || digits > 1 && text.charAt(first) != '0';
        boolean isWhole = true;
        if (skip('.')) {
            isWhole = false;
            isNumber &= digits() > 0;
        }
        if (skip('e') || skip('E')) {
            isWhole = false;
            if (!skip('+')) {
                skip('-');
            }
            isNumber &= digits() > 0;
        }
        if (!isNumber || at < text.length() && "+-.eE".indexOf(text.charAt(at)) >= 0) {
            at = start;
            throw wrong("no value");
        }
        var number = text.substring(start, at);
        try {
            return isWhole ? (Object) Long.valueOf(number) : (Object) Double.valueOf(number);
        } catch (NumberFormatException e) {
            throw wrong("number out of range");
        }
    }

    /** Skips ASCII digits; how many. */
    private int digits() {
        int start = at;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        return at - start;
    }

    private @Nullable Object word(String word, @Nullable Object value) throws JsonException {
        if (!text.startsWith(word, at)) {
            throw wrong("no value");
        }
        at += word.length();
        return value;
    }

    private void open() throws JsonException {
        at++;
        if (++depth > MAX_DEPTH) {
            throw wrong("nested deeper than " + MAX_DEPTH);
        }
        space();
    }

    private void space() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private char peek() throws JsonException {
        if (at >= text.length()) {
            throw wrong("text ends");
        }
        return text.charAt(at);
    }

    private char next() throws JsonException {
        char c = peek();
        at++;
        return c;
    }

    private boolean skip(char expected) {
        boolean there = at < text.length() && text.charAt(at) == expected;
        at += there ? 1 : 0;
        return there;
    }

    private void require(char expected) throws JsonException {
        if (!skip(expected)) {
            throw wrong("expected " + expected);
        }
    }

    private JsonException wrong(String what) {
        return new JsonException(what, at);
    }
}
