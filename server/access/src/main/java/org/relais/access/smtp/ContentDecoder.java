package org.relais.access.smtp;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Reads the content behind DATA: takes the dot-stuffing off and finds the end (RFC 5321 §4.5.2).
 *
 * <p>Only {@code CRLF . CRLF} ends the content, so that no bare line ending can smuggle a second mail past us. Every
 * other octet, NUL and 8-bit ones too, is handed on as it came; lines are never held, so their length does not matter.
 * A bare CR or LF is remembered ({@link #hasBareLineEnding()}) and either kept or made CRLF.
 */
final class ContentDecoder {
    /** Takes decoded content in order. */
    interface Sink {
        void write(byte[] octets, int offset, int length) throws IOException;
    }

    private enum State {
        /** Right behind a CRLF, or at the very beginning. */
        LINE_START,
        /** Behind the dot that began a line. */
        DOT,
        /** Behind a line's dot and a CR. */
        DOT_CR,
        TEXT,
        /** Behind a CR that is held back until it shows what it is. */
        CR,
        END
    }

    private static final byte[] CRLF = {'\r', '\n'};
    private static final byte[] LONE_CR = {'\r'};

    private final boolean normalise;
    private State state = State.LINE_START;
    private boolean bareLineEnding;

    /** @param normalise whether a bare CR or LF becomes CRLF */
    ContentDecoder(boolean normalise) {
        this.normalise = normalise;
    }

    boolean isAtEnd() {
        return state == State.END;
    }

    boolean hasBareLineEnding() {
        return bareLineEnding;
    }

    /** Consumes the input, or as much of it as belongs to the content; hands it on in as few pieces as possible. */
    void decode(ByteBuffer input, Sink sink) throws IOException {
        Piece piece = new Piece(input, sink);
        while (input.hasRemaining() && state != State.END) {
            byte octet = input.get();
            switch (state) {
                case LINE_START:
                    if (octet == '.') {
                        piece.endBefore(1);
                        state = State.DOT;
                    } else {
                        text(octet, piece);
                    }
                    break;
                case DOT:
                    // The dot itself is dropped, whatever follows but CRLF.
                    if (octet == '\r') {
                        state = State.DOT_CR;
                    } else {
                        text(octet, piece);
                    }
                    break;
                case DOT_CR:
                    if (octet == '\n') {
                        state = State.END;
                    } else {
                        bareLineEnding = true;
                        piece.write(normalise ? CRLF : LONE_CR);
                        text(octet, piece);
                    }
                    break;
                case CR:
                    if (octet == '\n') {
                        lineEnd(piece);
                    } else {
                        bareCr(piece);
                        text(octet, piece);
                    }
                    break;
                default:
                    text(octet, piece);
                    break;
            }
        }
        // A CR at the very end stays back until its successor shows what it is.
        piece.endBefore(state == State.CR && piece.isOpen() ? 1 : 0);
    }

    private void text(byte octet, Piece piece) throws IOException {
        if (octet == '\n') {
            bareLineEnding = true;
            if (normalise) {
                piece.endBefore(1);
                piece.write(CRLF);
                state = State.TEXT;
                return;
            }
        }
        piece.takeLast();
        state = octet == '\r' ? State.CR : State.TEXT;
    }

    private void lineEnd(Piece piece) throws IOException {
        if (!piece.isOpen()) {
            piece.write(LONE_CR);
        }
        piece.takeLast();
        state = State.LINE_START;
    }

    private void bareCr(Piece piece) throws IOException {
        bareLineEnding = true;
        if (!piece.isOpen()) {
            piece.write(normalise ? CRLF : LONE_CR);
        } else if (normalise) {
            piece.endBefore(2);
            piece.write(CRLF);
        }
    }

    /** A run of the input that is content as it stands. */
    private static final class Piece {
        private final ByteBuffer input;
        private final Sink sink;
        private int start = -1;

        Piece(ByteBuffer input, Sink sink) {
            this.input = input;
            this.sink = sink;
        }

        boolean isOpen() {
            return start >= 0;
        }

        /** Takes the octet that was read last. */
        void takeLast() {
            if (start < 0) {
                start = input.position() - 1;
            }
        }

        /** Hands the run on, without the last {@code excluded} octets that were read. */
        void endBefore(int excluded) throws IOException {
            int length = input.position() - excluded - start;
            if (start >= 0 && length > 0) {
                sink.write(input.array(), input.arrayOffset() + start, length);
            }
            start = -1;
        }

        void write(byte[] octets) throws IOException {
            sink.write(octets, 0, octets.length);
        }
    }
}
