package org.relais.administration.port;

/** A server that could not be started; nothing of it runs. The message says what is wrong, the remedy what to do. */
public final class StartException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String remedy;

    public StartException(String message, String remedy, Throwable cause) {
        super(message, cause);
        this.remedy = remedy;
    }

    public String remedy() {
        return remedy;
    }

    /** The message, never null. */
    public String what() {
        var message = getMessage();
        return message == null ? "the server could not be started" : message;
    }
}
