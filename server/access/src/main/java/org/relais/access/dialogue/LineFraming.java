package org.relais.access.dialogue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * Cuts a stream into lines, or into commands of lines and non-synchronising literals (ManageSieve, RFC 5804 §4), and
 * keeps no more of one than its bound. For one thread.
 */
public final class LineFraming {

    private final boolean withLiterals;
    private int bound;
    private byte[] octets = new byte[128];
    private int length;
    private int lineStart;
    private long literalLeft;

    private LineFraming(int bound, boolean withLiterals) {
        this.bound = bound;
        this.withLiterals = withLiterals;
    }

    public static LineFraming ofLines(int bound) {
        return new LineFraming(bound, false);
    }

    public static LineFraming ofLinesAndLiterals(int bound) {
        return new LineFraming(bound, true);
    }

    /** Another bound for what comes from now on. */
    public void bound(int octets) {
        bound = octets;
    }

    /** The next command without its last line break, one char per octet; line breaks become CRLF. */
    public Optional<String> next(ByteBuffer in) throws CommandTooLongException {
        while (in.hasRemaining()) {
            byte octet = in.get();
            if (octet == '\n' && literalLeft == 0) {
                if (endOfLine()) {
                    return Optional.of(take());
                }
            } else {
                append(octet);
                if (literalLeft > 0 && --literalLeft == 0) {
                    lineStart = length;
                }
            }
        }
        return Optional.empty();
    }

    /** False if a literal follows. */
    private boolean endOfLine() throws CommandTooLongException {
        if (length > lineStart && octets[length - 1] == '\r') {
            length--;
        }
        if (!withLiterals) {
            return true;
        }
        var line = Arrays.copyOfRange(octets, lineStart, length);
        var literal = LiteralAnnouncement.atEndOf(line, line.length);
        if (literal.isEmpty()) {
            return true;
        }
        if (literal.get().octets() > bound - length) {
            throw new CommandTooLongException("literal of more than " + bound + " octets");
        }
        append((byte) '\r');
        append((byte) '\n');
        literalLeft = literal.get().octets();
        lineStart = length;
        return false;
    }

    private void append(byte octet) throws CommandTooLongException {
        if (length >= bound) {
            throw new CommandTooLongException("command of more than " + bound + " octets");
        }
        if (length == octets.length) {
            octets = Arrays.copyOf(octets, length * 2);
        }
        octets[length++] = octet;
    }

    private String take() {
        var command = new String(octets, 0, length, StandardCharsets.ISO_8859_1);
        octets = new byte[128];
        length = 0;
        lineStart = 0;
        return command;
    }
}
