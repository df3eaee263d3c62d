package org.relais.spool;

import org.jspecify.annotations.Nullable;

/** Why the spool did not do what it was asked, by who can do something about it. */
public abstract sealed class SpoolException extends Exception {
    private static final long serialVersionUID = 1L;

    private SpoolException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** Disk full or quota reached: the operator's. Passes by itself when space is back. SMTP: 452 4.3.1. */
    public static final class Full extends SpoolException {
        private static final long serialVersionUID = 1L;

        public Full(String message) {
            super(message, null);
        }

        public Full(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** More is waiting for the disk than may wait, or waited longer than it may: passes by itself. SMTP: 451 4.3.2. */
    public static final class Busy extends SpoolException {
        private static final long serialVersionUID = 1L;

        public Busy(String message) {
            super(message, null);
        }
    }

    /**
     * The disk failed: a write or an fsync was answered with an error, so that nobody knows what is on it. Nothing is
     * accepted from then on and nothing is tried again, for an fsync that failed may well "succeed" when repeated. The
     * operator looks at the disk and starts again. SMTP: 421 4.3.0.
     */
    public static final class Broken extends SpoolException {
        private static final long serialVersionUID = 1L;

        public Broken(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /** Another process has this spool open. */
    public static final class InUse extends SpoolException {
        private static final long serialVersionUID = 1L;

        public InUse(String message) {
            super(message, null);
        }
    }

    /** The folder cannot be used: missing, not a spool, of an unknown format version, not writable. */
    public static final class Unusable extends SpoolException {
        private static final long serialVersionUID = 1L;

        public Unusable(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /** What was asked for is damaged on disk. The rest of the spool lives. */
    public static final class Damaged extends SpoolException {
        private static final long serialVersionUID = 1L;

        private final transient DamagedRecord damage;

        public Damaged(DamagedRecord damage) {
            super("damaged record: " + damage, null);
            this.damage = damage;
        }

        public DamagedRecord damage() {
            return damage;
        }
    }

    /** The claim ended before: by its lease, or by an earlier commit. The caller's. Nothing was changed. */
    public static final class ClaimLost extends SpoolException {
        private static final long serialVersionUID = 1L;

        public ClaimLost(String message) {
            super(message, null);
        }
    }

    /** There is no such message or envelope any more. */
    public static final class NotFound extends SpoolException {
        private static final long serialVersionUID = 1L;

        public NotFound(String message) {
            super(message, null);
        }
    }

    /** The spool was closed. */
    public static final class Closed extends SpoolException {
        private static final long serialVersionUID = 1L;

        public Closed() {
            super("the spool is closed", null);
        }
    }
}
