package org.relais.access.pop3;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * A mail as POP3 sends it: a dot before each line that begins with one, a CRLF behind the last line if it has none, and
 * the terminating line (RFC 1939 §3). Optionally only the header and some lines of the body (TOP).
 */
final class StuffedContent extends InputStream {

    private static final int BUFFER = 16 << 10;
    private static final byte[] END = {'.', '\r', '\n'};

    private final InputStream content;
    private long bodyLines;
    private boolean inBody;
    private boolean lineStart = true;
    private boolean emptyLine = true;
    private boolean dotOwed;
    private int last = '\n';
    private boolean ended;
    private int tail;
    private boolean breakOwed;

    /** @param bodyLines how many lines of the body; {@link Long#MAX_VALUE} for all */
    StuffedContent(InputStream content, long bodyLines) {
        this.content = new BufferedInputStream(content, BUFFER);
        this.bodyLines = bodyLines;
    }

    @Override
    public int read() throws IOException {
        if (dotOwed) {
            dotOwed = false;
            return '.';
        }
        if (!ended) {
            int octet = inBody && lineStart && bodyLines == 0 ? -1 : content.read();
            if (octet >= 0) {
                return take(octet);
            }
            ended = true;
            breakOwed = !lineStart;
        }
        return readTail();
    }

    private int take(int octet) {
        if (lineStart && octet == '.') {
            dotOwed = true;
        }
        if (last == '\r' && octet == '\n') {
            endOfLine();
        } else {
            lineStart = false;
            if (octet != '\r') {
                emptyLine = false;
            }
        }
        last = octet;
        return octet;
    }

    private void endOfLine() {
        lineStart = true;
        if (inBody) {
            bodyLines--;
        } else if (emptyLine) {
            inBody = true;
        }
        emptyLine = true;
    }

    private int readTail() {
        if (breakOwed) {
            if (last != '\r') {
                last = '\r';
                return '\r';
            }
            breakOwed = false;
            return '\n';
        }
        return tail < END.length ? END[tail++] : -1;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        int count = 0;
        while (count < length) {
            int octet = read();
            if (octet < 0) {
                return count == 0 ? -1 : count;
            }
            target[offset + count++] = (byte) octet;
        }
        return count;
    }

    @Override
    public void close() throws IOException {
        content.close();
    }
}
