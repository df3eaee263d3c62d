package org.relais.administration.client;

/** A request to the server of the home that was not done; the message says what is wrong. */
public final class RequestFailure extends Exception {
    private static final long serialVersionUID = 1L;

    private final String remedy;
    private final int status;

    RequestFailure(String message, String remedy, int status) {
        super(message);
        this.remedy = remedy;
        this.status = status;
    }

    RequestFailure(String message, String remedy, Throwable cause) {
        super(message, cause);
        this.remedy = remedy;
        this.status = 0;
    }

    /** What to do about it; empty if there is nothing to say. */
    public String remedy() {
        return remedy;
    }

    /** The HTTP status, or 0 if there was no answer. */
    public int status() {
        return status;
    }

    /** The message, never null. */
    public String what() {
        var message = getMessage();
        return message == null ? "the request failed" : message;
    }
}
