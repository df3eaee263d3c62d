package org.relais.spool;

/** How an envelope left the spool. The constants' order is part of the format on disk: add at the end. */
public enum Disposition {
    DELIVERED,
    /** Given up; the reverse-path was told by a DSN. */
    FAILED_WITH_DSN,
    /** Given up and nobody was told: null reverse-path, or NOTIFY=NEVER. */
    FAILED_SILENTLY,
    QUARANTINED,
    /** A rule threw it away. */
    DISCARDED,
    /** Expansion put other forward-paths in its place. */
    REPLACED,
    /** An operator removed it. The only one that keeps the entry for a while, so that it can be restored. */
    REMOVED
}
