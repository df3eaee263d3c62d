package org.relais.spool;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/**
 * The bytes of a committed message, as they were written: each byte that is handed out was verified against its
 * checksum. Valid as long as an envelope refers to the message. Safe for use by many threads.
 */
public interface MessageContent {

    long size();

    /**
     * The bytes from the start. Reading throws an {@link IOException} whose cause is a
     * {@link SpoolException.Damaged} where they are damaged; bytes before that place are good.
     */
    InputStream open() throws IOException;

    /** All bytes, if the message is small enough to be held in memory. The array is shared: do not change it. */
    Optional<byte[]> inMemory();
}
