package org.relais.spool;

/** Which thread writes commits to disk. Measured in docs/adr/0010-spool-engine.md. */
public enum CommitMode {
    /** One thread of the spool's own. Callers never wait for the disk. */
    COMMITTER,
    /**
     * Whoever calls {@link Spool#flush()}, for instance an event loop at the end of its turn, which saves two thread
     * switches per batch but stalls the loop while the disk works. What nobody flushes, the spool's own thread does
     * within a tenth of a second.
     */
    CALLER
}
