package org.relais.administration.json;

/** The text is not JSON; the message carries the position. */
public final class JsonException extends Exception {
    private static final long serialVersionUID = 1L;

    JsonException(String what, int position) {
        super(what + " at character " + (position + 1));
    }
}
