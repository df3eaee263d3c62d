package org.relais.testkit.wire;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;

/**
 * A content that ends with a dot on a line of its own, as SMTP, POP3 and LMTP carry it (RFC 5321 §4.5.2, RFC 1939 §3). It
 * is read up to {@code CRLF.CRLF} and nothing else, with the stuffed dots taken out; a dot behind a bare CR or LF is
 * content. At most so many octets are kept, all are counted.
 */
public final class DotContent {
    /** A relay under test that sends without end is stopped here. */
    private static final long MAX_CONTENT = 512L * 1024 * 1024;

    private final Wire wire;
    private final int keep;
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream(4096);
    private long size;

    public DotContent(Wire wire, int keep) {
        this.wire = wire;
        this.keep = keep;
    }

    /**
     * @param vanishAfter ends early once so many octets have been read
     * @return whether the end of the content was reached
     */
    public boolean read(OptionalInt vanishAfter, Deadline deadline) throws IOException {
        // 0 within a line; 1 after CR; 2 at the start of a line; 3 dot at the start; 4 CR behind that dot
        int state = 2;
        while (true) {
            if (vanishAfter.isPresent() && size >= vanishAfter.getAsInt()) {
                return false;
            }
            int octet = wire.read(deadline, "the end of the content");
            if (octet < 0) {
                throw new EOFException("the connection ended in the content, after " + size + " octets");
            }
            switch (state) {
                case 2 -> {
                    if (octet == '.') {
                        state = 3;
                        continue;
                    }
                    state = put(octet);
                }
                case 3 -> {
                    if (octet == '\r') {
                        state = 4;
                        continue;
                    }
                    state = put(octet); // the stuffed dot is gone
                }
                case 4 -> {
                    if (octet == '\n') {
                        return true;
                    }
                    put('\r');
                    state = put(octet);
                }
                case 1 -> state = octet == '\n' ? putLineFeed() : put(octet);
                default -> state = put(octet);
            }
        }
    }

    private int putLineFeed() throws IOException {
        put('\n');
        return 2;
    }

    private int put(int octet) throws IOException {
        if (++size > MAX_CONTENT) {
            throw new IOException("content of more than " + MAX_CONTENT + " octets");
        }
        if (kept.size() < keep) {
            kept.write(octet);
        }
        return octet == '\r' ? 1 : 0;
    }

    public long size() {
        return size;
    }

    public byte[] kept() {
        return kept.toByteArray();
    }

    /** The content with dots stuffed and its end; a last line without end gets one. */
    public static byte[] stuffed(byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(content.length + 64);
        boolean lineStart = true;
        for (int i = 0; i < content.length; i++) {
            if (lineStart && content[i] == '.') {
                out.write('.');
            }
            out.write(content[i]);
            lineStart = content[i] == '\n' && i > 0 && content[i - 1] == '\r';
        }
        out.writeBytes((lineStart ? ".\r\n" : "\r\n.\r\n").getBytes(StandardCharsets.US_ASCII));
        return out.toByteArray();
    }
}
