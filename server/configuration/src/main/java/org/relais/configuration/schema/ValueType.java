package org.relais.configuration.schema;

/**
 * How the text of a setting is read. Pure; for any thread.
 *
 * @param <T> what comes out
 */
public interface ValueType<T> {
    /** @param text without white space around it */
    T parse(String text) throws InvalidValueException;

    /** What may be written, bounds included, as the reference says it: "a whole number from 1 to 64". */
    String inWords();

    /** Whether nothing at all is a value. */
    default boolean takesEmpty() {
        return false;
    }

    /** What XML Schema can say of it. */
    Facets facets();
}
