package org.relais.configuration;

/** How much a {@link Finding} weighs. */
public enum Severity {
    /** The relay does not start with it. */
    ERROR,
    /** The relay starts; somebody should know. */
    NOTICE;

    /** The word that is printed. */
    public String word() {
        return this == ERROR ? "error" : "notice";
    }
}
