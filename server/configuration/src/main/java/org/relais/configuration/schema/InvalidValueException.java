package org.relais.configuration.schema;

/** A text that is not what its setting asks for: the position is its reader's to tell. */
public final class InvalidValueException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String remedy;
    private final boolean secret;

    /**
     * @param predicate what is wrong, to stand behind the name of the setting and its text: "is not a number"
     * @param remedy what to write instead
     */
    public InvalidValueException(String predicate, String remedy) {
        this(predicate, remedy, false);
    }

    private InvalidValueException(String predicate, String remedy, boolean secret) {
        super(predicate);
        this.remedy = remedy;
        this.secret = secret;
    }

    /** The same for a text that may hold a secret and must not be shown. */
    static InvalidValueException ofSecret(String predicate, String remedy) {
        return new InvalidValueException(predicate, remedy, true);
    }

    public String predicate() {
        return String.valueOf(getMessage());
    }

    public String remedy() {
        return remedy;
    }

    public boolean isSecret() {
        return secret;
    }
}
