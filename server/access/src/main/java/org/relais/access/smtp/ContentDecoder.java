package org.relais.access.smtp;

import java.nio.ByteBuffer;

/**
 * Reads content. Behind DATA it takes the dot-stuffing off and finds the end (RFC 5321 §4.5.2); in chunks there is
 * neither (RFC 3030).
 *
 * <p>Only {@code CRLF . CRLF} ends the content, so that no bare line ending can smuggle a second mail past us. Every
 * other octet, NUL and 8-bit ones too, is handed on as it came; lines are never held, so their length does not matter.
 * A bare CR or LF is remembered ({@link #hasBareLineEnding()}) and either kept or made CRLF.
 */
final class ContentDecoder {
    /** Takes decoded content in order. */
    interface Sink {
        /** @param run valid during the call */
        void write(ByteBuffer run);

        /** Whether decoding goes on; asked often. A sink that says no still takes the few octets already read. */
        boolean hasRoom();
    }

    private enum State {
        /** Right behind a CRLF, or at the very beginning. */
        LINE_START,
        /** Behind the dot that began a line. */
        DOT,
        /** Behind a line's dot and a CR, which is held back until it shows what it is. */
        DOT_CR,
        TEXT,
        CR,
        END
    }

    private static final byte[] CR = {'\r'};
    private static final byte[] LF = {'\n'};
    private static final byte[] CRLF = {'\r', '\n'};

    private final boolean isStuffed;
    private final boolean normalise;
    private State state = State.LINE_START;
    private boolean bareLineEnding;

    private ContentDecoder(boolean isStuffed, boolean normalise) {
        this.isStuffed = isStuffed;
        this.normalise = normalise;
    }

    /** @param normalise whether a bare CR or LF becomes CRLF */
    static ContentDecoder ofData(boolean normalise) {
        return new ContentDecoder(true, normalise);
    }

    /** @param normalise whether a bare CR or LF becomes CRLF */
    static ContentDecoder ofChunks(boolean normalise) {
        return new ContentDecoder(false, normalise);
    }

    /** Whether the line with the lone dot was read. Never said of chunks. */
    boolean isAtEnd() {
        return state == State.END;
    }

    boolean hasBareLineEnding() {
        return bareLineEnding;
    }

    /** No more is coming: a CR that ended the last chunk stands alone. */
    void endOfChunks(Sink sink) {
        if (state == State.CR) {
            bareLineEnding = true;
            if (normalise) {
                sink.write(ByteBuffer.wrap(LF));
            }
        }
        state = State.END;
    }

    /**
     * Consumes the input, or as much of it as belongs to the content and as the sink has room for; hands it on in as
     * few runs as possible.
     */
    void decode(ByteBuffer input, Sink sink) {
        int limit = input.limit();
        int at = input.position();
        int start = at;
        while (at < limit && state != State.END && sink.hasRoom()) {
            byte octet = input.get(at);
            switch (state) {
                case LINE_START:
                    state = State.TEXT;
                    if (octet == '.' && isStuffed) {
                        emit(input, start, at, sink);
                        start = ++at;
                        state = State.DOT;
                    }
                    break;
                case DOT:
                    // The dot itself is dropped, whatever follows but CRLF.
                    state = State.TEXT;
                    if (octet == '\r') {
                        start = ++at;
                        state = State.DOT_CR;
                    }
                    break;
                case DOT_CR:
                    if (octet == '\n') {
                        start = ++at;
                        state = State.END;
                    } else {
                        bareLineEnding = true;
                        sink.write(ByteBuffer.wrap(normalise ? CRLF : CR));
                        state = State.TEXT;
                    }
                    break;
                case CR:
                    if (octet == '\n') {
                        at++;
                        state = State.LINE_START;
                    } else {
                        bareLineEnding = true;
                        if (normalise) {
                            emit(input, start, at, sink);
                            sink.write(ByteBuffer.wrap(LF));
                            start = at;
                        }
                        state = State.TEXT;
                    }
                    break;
                default:
                    at = LineEnds.next(input, at, limit);
                    if (at == limit) {
                        break;
                    }
                    if (input.get(at) == '\r') {
                        state = State.CR;
                    } else {
                        bareLineEnding = true;
                        if (normalise) {
                            emit(input, start, at, sink);
                            sink.write(ByteBuffer.wrap(CRLF));
                            start = at + 1;
                        }
                    }
                    at++;
                    break;
            }
        }
        emit(input, start, at, sink);
        input.position(at);
    }

    private static void emit(ByteBuffer input, int start, int end, Sink sink) {
        if (end > start) {
            sink.write(input.duplicate().position(start).limit(end));
        }
    }
}
