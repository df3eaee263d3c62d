package org.relais.configuration.schema;

import org.jspecify.annotations.Nullable;

/**
 * One setting, declared: as an element's text or as an attribute. Equal only to itself.
 *
 * @param <T> what its text becomes
 */
public final class Setting<T> {
    private final String name;
    private final ValueType<T> type;
    private final @Nullable String defaultText;
    private final String without;
    private final boolean required;
    private final String documentation;

    private Setting(
            String name,
            ValueType<T> type,
            @Nullable String defaultText,
            String without,
            boolean required,
            String documentation) {
        this.name = name;
        this.type = type;
        this.defaultText = defaultText;
        this.without = without;
        this.required = required;
        this.documentation = documentation;
    }

    /** A setting whose default is written like any value. */
    static <T> Setting<T> of(String name, ValueType<T> type, String defaultText, String documentation) {
        return new Setting<>(name, type, defaultText, defaultText, false, documentation);
    }

    /** A setting without which its element says nothing. */
    static <T> Setting<T> required(String name, ValueType<T> type, String documentation) {
        return new Setting<>(name, type, null, "required", true, documentation);
    }

    /**
     * A setting without a default of its own.
     *
     * @param without what holds when it is left out, in words
     */
    static <T> Setting<T> optional(String name, ValueType<T> type, String without, String documentation) {
        return new Setting<>(name, type, null, without, false, documentation);
    }

    /** Of the element or attribute. */
    public String name() {
        return name;
    }

    public ValueType<T> type() {
        return type;
    }

    /** The default as it would be written; null if there is none. */
    public @Nullable String defaultText() {
        return defaultText;
    }

    /** The default, or what holds without the setting, for a reader. */
    public String without() {
        return without;
    }

    public boolean isRequired() {
        return required;
    }

    /** One line. */
    public String documentation() {
        return documentation;
    }
}
