package org.relais.mailets.delivery;

/** A next hop that could not be talked to; another one may be tried at once. */
final class HopUnavailableException extends Exception {
    private static final long serialVersionUID = 1;

    HopUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
