package org.relais.administration.command;

/** A command that was not done: one line on stderr, exit status 1, or 2 if it was called wrongly. */
final class CommandFailure extends Exception {
    private static final long serialVersionUID = 1L;

    static final int FAILED = 1;
    static final int WRONG_USAGE = 2;

    private final int exitStatus;

    private CommandFailure(String line, int exitStatus) {
        super(line);
        this.exitStatus = exitStatus;
    }

    /** What went wrong, and what to do about it if there is something. */
    static CommandFailure failed(String what, String remedy) {
        return new CommandFailure(remedy.isEmpty() ? what : what + " — " + remedy, FAILED);
    }

    /** The whole line as another part words it. */
    static CommandFailure failed(String line) {
        return new CommandFailure(line, FAILED);
    }

    static CommandFailure wrongUsage(String what, String remedy) {
        return new CommandFailure(what + " — " + remedy, WRONG_USAGE);
    }

    int exitStatus() {
        return exitStatus;
    }

    /** The line, never null. */
    String line() {
        var message = getMessage();
        return message == null ? "failed" : message;
    }
}
