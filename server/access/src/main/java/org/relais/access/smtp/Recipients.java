package org.relais.access.smtp;

/** Who is known here. What it throws is answered 451 and logged. */
public interface Recipients {
    /** What a forward-path is to us. */
    enum Standing {
        /** A user, an alias or another rewriting of a local domain. */
        KNOWN,
        /** Its domain is local, but nobody is behind it. */
        UNKNOWN,
        /** Its domain is not ours. */
        FOREIGN
    }

    /**
     * Whether {@link #standingOf} may block: then it is called from session threads, else from the event loop, which
     * saves two thread switches for each recipient.
     */
    boolean mayBlock();

    /** Whether the address is one that the rest of the server can work with. Never blocks. */
    boolean isUsable(MailPath path);

    Standing standingOf(MailPath forwardPath);
}
