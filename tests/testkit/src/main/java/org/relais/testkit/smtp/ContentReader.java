package org.relais.testkit.smtp;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.OptionalInt;
import org.relais.testkit.wire.Deadline;
import org.relais.testkit.wire.Wire;

/**
 * Reads a content up to {@code CRLF.CRLF} and nothing else, and takes the stuffed dots out (RFC 5321 §4.5.2). A dot behind
 * a bare CR or LF is content. Keeps at most so many octets; counts all.
 */
final class ContentReader {
    /** A relay under test that sends without end is stopped here. */
    private static final long MAX_CONTENT = 512L * 1024 * 1024;

    private final Wire wire;
    private final int keep;
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream(4096);
    private long size;

    ContentReader(Wire wire, int keep) {
        this.wire = wire;
        this.keep = keep;
    }

    /**
     * @param vanishAfter ends early once so many octets have been read
     * @return whether the end of the content was reached
     */
    boolean read(OptionalInt vanishAfter, Deadline deadline) throws IOException {
        // 0 within a line; 1 after CR; 2 at the start of a line; 3 dot at the start; 4 CR behind that dot
        int state = 2;
        while (true) {
            if (vanishAfter.isPresent() && size >= vanishAfter.getAsInt()) {
                return false;
            }
            int octet = wire.read(deadline, "the end of the content");
            if (octet < 0) {
                throw new EOFException("the client went away in the content");
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

    long size() {
        return size;
    }

    byte[] kept() {
        return kept.toByteArray();
    }
}
