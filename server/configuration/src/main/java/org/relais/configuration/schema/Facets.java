package org.relais.configuration.schema;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What XML Schema can say of a type. It may allow more than the type does; the check has the last word.
 *
 * @param base a built-in type: {@code xs:token}
 * @param pattern XML Schema's regular expression, or null
 * @param words the only texts allowed; empty: not listed
 * @param least the smallest number, or null
 * @param most the largest number, or null
 */
public record Facets(
        String base,
        @Nullable String pattern,
        List<String> words,
        @Nullable Long least,
        @Nullable Long most) {
    public Facets {
        words = List.copyOf(words);
    }

    static Facets any() {
        return new Facets("xs:token", null, List.of(), null, null);
    }

    static Facets matching(String pattern) {
        return new Facets("xs:token", pattern, List.of(), null, null);
    }

    static Facets oneOf(List<String> words) {
        return new Facets("xs:token", null, words, null, null);
    }

    static Facets between(long least, long most) {
        return new Facets("xs:integer", null, List.of(), least, most);
    }
}
