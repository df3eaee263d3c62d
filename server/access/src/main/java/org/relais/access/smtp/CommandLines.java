package org.relais.access.smtp;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a client's octets into command lines.
 *
 * <p>A line ends at LF; a CR before it is dropped. (A command that ends in a bare LF, as typed by hand, harms nobody:
 * what must end in CRLF is the content.) A line over the bound is swallowed to its end and handed on as {@code tooLong};
 * memory never holds more than the bound.
 */
final class CommandLines {
    private static final int USUAL = 128;

    private final int bound;
    /** The line's beginning, from earlier reads. */
    private byte[] held = new byte[0];

    private int length;
    private boolean overflown;

    /** @param bound longest line in octets, without its end */
    CommandLines(int bound) {
        this.bound = bound;
    }

    /** @param text one character per octet, without the line's end; empty if too long */
    record Line(String text, boolean tooLong) {}

    /** Takes octets up to and with the next LF; null if there is none yet. */
    @Nullable
    Line next(ByteBuffer input) {
        int start = input.position();
        int end = start;
        while (end < input.limit() && input.get(end) != '\n') {
            end++;
        }
        hold(input, end - start);
        if (!input.hasRemaining()) {
            return null;
        }
        input.get();
        return finish();
    }

    void clear() {
        length = 0;
        overflown = false;
        if (held.length > USUAL) {
            held = new byte[0];
        }
    }

    private void hold(ByteBuffer input, int count) {
        int kept = Math.min(count, bound + 1 - length);
        if (length + kept > held.length) {
            held = Arrays.copyOf(held, Math.max(USUAL, Math.min(bound + 1, 2 * (length + kept))));
        }
        input.get(held, length, kept);
        length += kept;
        overflown |= kept < count;
        input.position(input.position() + count - kept);
    }

    private Line finish() {
        int end = length > 0 && held[length - 1] == '\r' && !overflown ? length - 1 : length;
        boolean tooLong = overflown || end > bound;
        String text = tooLong ? "" : new String(held, 0, end, StandardCharsets.ISO_8859_1);
        clear();
        return new Line(text, tooLong);
    }
}
