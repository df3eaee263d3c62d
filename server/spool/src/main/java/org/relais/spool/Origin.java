package org.relais.spool;

/** Why an envelope exists. The constants' order is part of the format on disk: add at the end. */
public enum Origin {
    /** Accepted from a client: somebody holds our 250 for it. */
    ACCEPTED,
    /** A delivery status notification of ours (RFC 3464). */
    DSN,
    /** A forwarding rule sent the mail on. */
    FORWARD,
    /** An automatic answer. */
    REPLY,
    /** A copy that a rule asked for. */
    COPY,
    /** An alias or list put this forward-path in the place of another, which left as {@link Disposition#REPLACED}. */
    EXPANSION
}
