package org.relais.administration.port;

/**
 * An administrative request that was understood and not done. It says what is wrong and what to do about it; nothing
 * has been changed when it is thrown.
 */
public final class Refusal extends Exception {
    private static final long serialVersionUID = 1L;

    /** Whose fault it is, so that an HTTP status can be told from it. */
    public enum Kind {
        /** The request names something that cannot exist. */
        INVALID,
        /** What the request names is not there. */
        MISSING,
        /** What the request would make is there already. */
        EXISTS,
        /** The state of the server forbids it now. */
        CONFLICT,
        /** The server could not do it; the log tells why. */
        FAILED
    }

    private final Kind kind;
    private final String remedy;

    /**
     * @param message what is wrong, one line without a full stop
     * @param remedy what to do instead, one line; empty if there is nothing to say
     */
    public Refusal(Kind kind, String message, String remedy) {
        super(message);
        this.kind = kind;
        this.remedy = remedy;
    }

    /** A refusal whose private cause belongs in the log. */
    public Refusal(Kind kind, String message, String remedy, Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.remedy = remedy;
    }

    public Kind kind() {
        return kind;
    }

    public String remedy() {
        return remedy;
    }

    /** The message, never null. */
    public String what() {
        var message = getMessage();
        return message == null ? kind.name() : message;
    }
}
