package org.relais.access.transport;

/**
 * The user event that every open connection gets when its listener stops.
 *
 * <p>A session with nothing in flight says goodbye and closes at once; one in a transaction ends it first. What is still
 * open when the drain's bound is over is closed by the transport.
 */
public enum Drain {
    REQUESTED
}
