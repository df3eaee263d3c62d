package org.relais.access.transport;

/** Why a connection is ended before its session begins. */
public enum Refusal {
    TOO_MANY_CONNECTIONS,
    TOO_MANY_FROM_CLIENT
}
