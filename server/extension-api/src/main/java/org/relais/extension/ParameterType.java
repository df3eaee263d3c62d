package org.relais.extension;

/** How a parameter's text is read. */
public enum ParameterType {
    TEXT,
    /** {@code true} or {@code false}. */
    BOOLEAN,
    INTEGER,
    /** ISO 8601 ({@code PT30M}) or {@code 30m}, {@code 5s}, {@code 2h}, {@code 7d}. */
    DURATION,
    /** Octets: {@code 25M}, {@code 64K}, {@code 1G}. */
    SIZE,
    /** A mail address. */
    ADDRESS,
    /** The name of a processor of the same chain. */
    PROCESSOR,
    /** A repository's URL. */
    REPOSITORY,
    /** A file, relative to the home's {@code conf}. */
    FILE,
    /** A regular expression of {@code java.util.regex}. */
    PATTERN,
    /** One of the words that the parameter lists. */
    CHOICE
}
