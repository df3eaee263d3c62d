package org.relais.chain.claim;

/**
 * A step could not be committed, and no further attempt is made now. The envelopes stay as the last commit left them
 * and come back when their claims end. Not for mailets: it passes by whatever handles their exceptions.
 */
public final class CommitFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Kind kind;

    /** What it means for who tried. */
    public enum Kind {
        /** Somebody else has the envelopes now, or whether the step was made is not known. */
        LOST,
        /** The spool had no room, or no time, for as long as may be waited. */
        REFUSED,
        /** The spool takes nothing more in this process. */
        BROKEN
    }

    public CommitFailedException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
