package org.relais.administration.selftest;

/** Why the self-test failed, in one line, and what to look at. */
public final class SelfTestFailure extends Exception {
    private static final long serialVersionUID = 1L;

    private final String remedy;

    public SelfTestFailure(String message, String remedy) {
        super(message);
        this.remedy = remedy;
    }

    public SelfTestFailure(String message, String remedy, Throwable cause) {
        super(message, cause);
        this.remedy = remedy;
    }

    public String remedy() {
        return remedy;
    }

    /** The message, never null. */
    public String what() {
        var message = getMessage();
        return message == null ? "the self-test failed" : message;
    }
}
