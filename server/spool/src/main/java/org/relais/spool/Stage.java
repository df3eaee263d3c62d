package org.relais.spool;

/** Who an envelope waits for. The constants' order is part of the format on disk. */
public enum Stage {
    /** The mailet chain. */
    CHAIN,
    /** The delivery engine. */
    DELIVERY
}
