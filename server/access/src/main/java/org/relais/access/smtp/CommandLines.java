package org.relais.access.smtp;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Cuts a client's octets into command lines.
 *
 * <p>A line ends at LF; a CR before it is dropped. (A command that ends in a bare LF, as typed by hand, harms nobody:
 * what must end in CRLF is the content.) A line over the bound is swallowed to its end and handed on as {@code tooLong};
 * memory never holds more than the bound.
 */
final class CommandLines {
    private final int bound;
    private final ByteArrayOutputStream held = new ByteArrayOutputStream(128);
    private boolean overflown;

    /** @param bound longest line in octets, without its end */
    CommandLines(int bound) {
        this.bound = bound;
    }

    /** @param text one character per octet, without the line's end; empty if too long */
    record Line(String text, boolean tooLong) {}

    /** Takes octets up to and with the next LF; empty if there is none yet. */
    Optional<Line> next(ByteBuffer input) {
        while (input.hasRemaining()) {
            byte octet = input.get();
            if (octet == '\n') {
                return Optional.of(finish());
            }
            if (held.size() > bound) {
                overflown = true;
            } else {
                held.write(octet);
            }
        }
        return Optional.empty();
    }

    void clear() {
        held.reset();
        overflown = false;
    }

    private Line finish() {
        String text = held.toString(StandardCharsets.ISO_8859_1);
        if (text.endsWith("\r")) {
            text = text.substring(0, text.length() - 1);
        }
        boolean tooLong = overflown || text.length() > bound;
        clear();
        return new Line(tooLong ? "" : text, tooLong);
    }
}
