package org.relais.smtpclient;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Optional;

/** The octets of a mail as they shall arrive: no dot is doubled, no line is mended. Read more than once, perhaps. */
public interface OutgoingContent {
    /** In octets. */
    long size();

    /** What a server must be able to take for it. */
    Kind kind();

    /** All of it, if it is at hand without a disk; the buffers are read-only, their octets do not change. */
    Optional<ByteBuffer[]> inMemory();

    /** Blocks on the disk: never called on an event loop. */
    InputStream open() throws IOException;

    /** From what every server takes to what few do. */
    enum Kind {
        /** ASCII in lines that end in CRLF, however long. */
        SEVEN_BIT,
        /** As that, with octets above 127 (8BITMIME, RFC 6152). */
        EIGHT_BIT,
        /** Anything: NUL, bare CR or LF (BINARYMIME with CHUNKING, RFC 3030). */
        BINARY
    }
}
