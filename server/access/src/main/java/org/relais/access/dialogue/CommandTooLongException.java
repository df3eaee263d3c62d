package org.relais.access.dialogue;

/** A client has sent a command beyond its bound; what follows cannot be told from commands any more. */
public final class CommandTooLongException extends Exception {
    private static final long serialVersionUID = 1L;

    public CommandTooLongException(String message) {
        super(message);
    }
}
