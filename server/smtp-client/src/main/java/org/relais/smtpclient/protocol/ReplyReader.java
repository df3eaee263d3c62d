package org.relais.smtpclient.protocol;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.relais.model.Reply;

/**
 * Reads replies (RFC 5321 §4.2.1) from octets that come in any pieces. A line has at most {@value #LONGEST_LINE} octets, a
 * reply at most {@value Reply#MAX_LINES} lines and {@value #MOST_OCTETS} octets; a bare LF ends a line too. One thread at
 * a time; after an exception it is of no more use.
 */
public final class ReplyReader {
    static final int LONGEST_LINE = 2048;
    static final int MOST_OCTETS = 64 * 1024;
    private static final int SHOWN = 80;

    private byte[] line = new byte[256];
    private int length;
    private int octets;
    private int code;
    private @Nullable List<String> earlier;

    /** Consumes up to the end of one reply and returns it, or consumes all and returns null. */
    public @Nullable Reply read(ByteBuffer in) throws NotSmtpException {
        while (in.hasRemaining()) {
            byte octet = in.get();
            if (octet == '\n') {
                Reply reply = endOfLine();
                if (reply != null) {
                    return reply;
                }
            } else {
                put(octet);
            }
        }
        return null;
    }

    /** Whether the beginning of a reply has been read. */
    public boolean isInReply() {
        return length > 0 || earlier != null;
    }

    private void put(byte octet) throws NotSmtpException {
        if (length >= LONGEST_LINE) {
            throw new NotSmtpException("a reply line of more than " + LONGEST_LINE + " octets: " + shown());
        }
        if (++octets > MOST_OCTETS) {
            throw new NotSmtpException("a reply of more than " + MOST_OCTETS + " octets");
        }
        if (length == line.length) {
            line = Arrays.copyOf(line, line.length * 2);
        }
        line[length++] = octet;
    }

    private @Nullable Reply endOfLine() throws NotSmtpException {
        if (length > 0 && line[length - 1] == '\r') {
            length--;
        }
        int itsCode = code();
        if (earlier != null && itsCode != code) {
            throw new NotSmtpException("a reply of two codes: " + code + " and " + itsCode);
        }
        code = itsCode;
        String text = length > 4 ? new String(line, 4, length - 4, StandardCharsets.UTF_8) : "";
        boolean isLast = length == 3 || line[3] == ' ';
        length = 0;
        if (!isLast) {
            keep(text);
            return null;
        }
        List<String> lines = List.of(text);
        if (earlier != null) {
            keep(text);
            lines = earlier;
            earlier = null;
        }
        octets = 0;
        return new Reply(code, lines);
    }

    private void keep(String text) throws NotSmtpException {
        if (earlier == null) {
            earlier = new ArrayList<>();
        }
        earlier.add(text);
        if (earlier.size() > Reply.MAX_LINES) {
            throw new NotSmtpException("a reply of more than " + Reply.MAX_LINES + " lines");
        }
    }

    private int code() throws NotSmtpException {
        if (length >= 3 && (length == 3 || line[3] == ' ' || line[3] == '-')) {
            int first = line[0] - '0';
            int second = line[1] - '0';
            int third = line[2] - '0';
            if (first >= 2 && first <= 5 && second >= 0 && second <= 9 && third >= 0 && third <= 9) {
                return first * 100 + second * 10 + third;
            }
        }
        throw new NotSmtpException("not an SMTP reply: " + shown());
    }

    private String shown() {
        String text = new String(line, 0, Math.min(length, SHOWN), StandardCharsets.US_ASCII);
        return text.replaceAll("[^\\x20-\\x7e]", "?");
    }
}
