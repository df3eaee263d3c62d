package org.relais.administration.benchmark;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/** Reads what the other side of an SMTP connection says, from one buffer of 64 KiB. For one thread. */
final class SmtpLines {
    private static final int BUFFER = 64 * 1024;
    private static final int MAX_LINE = 4096;

    private final InputStream in;
    private final byte[] buffer = new byte[BUFFER];
    private int position;
    private int limit;

    SmtpLines(InputStream in) {
        this.in = in;
    }

    private int read() throws IOException {
        if (position == limit) {
            limit = in.read(buffer, 0, BUFFER);
            position = 0;
            if (limit <= 0) {
                limit = 0;
                throw new EOFException("the connection was closed");
            }
        }
        return buffer[position++];
    }

    /** The next line without its CRLF. */
    String line() throws IOException {
        var line = new StringBuilder(80);
        for (int octet = read(); octet != '\n'; octet = read()) {
            if (line.length() == MAX_LINE) {
                throw new IOException("a line of more than " + MAX_LINE + " octets");
            }
            if (octet != '\r') {
                line.append((char) (octet & 0xff));
            }
        }
        return line.toString();
    }

    /** The last line of the next reply (RFC 5321 §4.2.1). */
    String reply() throws IOException {
        String line = line();
        while (line.length() > 3 && line.charAt(3) == '-') {
            line = line();
        }
        return line;
    }

    /** Reads content to its final dot (RFC 5321 §4.1.1.4); the value of a field of its header, empty if it is not there. */
    String content(String field) throws IOException {
        var prefix = field + ": ";
        var value = "";
        String line = line();
        for (; !line.isEmpty() && !line.equals("."); line = line()) {
            if (line.startsWith(prefix)) {
                value = line.substring(prefix.length());
            }
        }
        if (line.isEmpty()) {
            skipToFinalDot();
        }
        return value;
    }

    /** Octet by octet, because a body's lines are nobody's business: state 2 is behind a CRLF. */
    private void skipToFinalDot() throws IOException {
        int state = 2;
        while (state < 5) {
            int octet = read();
            state = switch (octet) {
                case '\r' -> state == 3 ? 4 : 1;
                case '\n' -> state == 1 ? 2 : state == 4 ? 5 : 0;
                case '.' -> state == 2 ? 3 : 0;
                default -> 0;
            };
        }
    }
}
