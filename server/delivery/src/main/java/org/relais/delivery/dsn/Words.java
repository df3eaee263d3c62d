package org.relais.delivery.dsn;

import java.text.MessageFormat;
import java.util.Locale;
import java.util.ResourceBundle;

/** What a DSN says to people, in one language. */
final class Words {
    private final Locale locale;
    private final ResourceBundle words;

    private Words(Locale locale) {
        this.locale = locale;
        this.words = ResourceBundle.getBundle(
                "org.relais.delivery.dsn.words",
                locale.equals(Locale.FRENCH) ? Locale.FRENCH : Locale.ROOT,
                ResourceBundle.Control.getNoFallbackControl(ResourceBundle.Control.FORMAT_PROPERTIES));
    }

    /** The first of the sender's languages (RFC 3282) that we have; else {@code usual}. */
    static Words of(Original original, Locale usual) {
        String asked = original.field("Accept-Language")
                .or(() -> original.field("Content-Language"))
                .orElse("");
        for (String range : asked.split(",", 10)) {
            String language = range.strip().toLowerCase(Locale.ROOT);
            if (language.startsWith("fr")) {
                return new Words(Locale.FRENCH);
            } else if (language.startsWith("en")) {
                return new Words(Locale.ENGLISH);
            }
        }
        return new Words(usual.getLanguage().equals("fr") ? Locale.FRENCH : Locale.ENGLISH);
    }

    Locale locale() {
        return locale;
    }

    String say(String key, Object... arguments) {
        // MessageFormat takes an apostrophe for a quote; the words have typographic ones.
        return arguments.length == 0
                ? words.getString(key)
                : new MessageFormat(words.getString(key), locale).format(arguments);
    }
}
