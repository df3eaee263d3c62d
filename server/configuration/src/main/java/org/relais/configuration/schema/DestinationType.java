package org.relais.configuration.schema;

import java.util.regex.Pattern;

/** Names destinations or domains: {@code example.org}, {@code *.example.org}, {@code smtp://smart.example.net:587}. */
final class DestinationType implements ValueType<String> {
    private static final String SYNTAX = "[A-Za-z0-9.*_:/,\\[\\]-]{1,1000}";
    private static final Pattern PATTERN = Pattern.compile(SYNTAX);

    @Override
    public String parse(String text) throws InvalidValueException {
        if (!PATTERN.matcher(text).matches()) {
            throw new InvalidValueException(
                    "is not a domain or a destination", "write example.org, *.example.org, * or smtp://HOST:PORT");
        }
        return text;
    }

    @Override
    public String inWords() {
        return "a domain or a destination, in which a star stands for any characters";
    }

    @Override
    public Facets facets() {
        return Facets.matching(SYNTAX);
    }
}
