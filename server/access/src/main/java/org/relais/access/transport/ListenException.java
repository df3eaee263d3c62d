package org.relais.access.transport;

import java.io.IOException;

/** A listener could not be opened; the message names the listener, the address and what is wrong. */
public final class ListenException extends IOException {
    private static final long serialVersionUID = 1L;

    ListenException(String message, Throwable cause) {
        super(message, cause);
    }
}
