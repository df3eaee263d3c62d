package org.relais.access.imap;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The octets of one command, line breaks and literals included: in memory up to a bound, in a temporary file beyond
 * it. Closing deletes the file, whatever state it is in, and may be repeated; streams that are open then stay readable
 * (POSIX), new ones fail.
 *
 * <p>One thread at a time; handing over between threads needs a happens-before edge, which executors give.
 */
public final class CommandOctets implements Closeable {

    private static final int TRANSFER = 16 << 10;

    private final int memoryOctets;
    private ByteArrayOutputStream memory = new ByteArrayOutputStream(128);
    private @Nullable Path file;
    private @Nullable OutputStream fileStream;
    private byte[] sealed = {};
    private long size;

    CommandOctets(int memoryOctets) {
        this.memoryOctets = memoryOctets;
    }

    void append(byte[] octets, int offset, int length) throws IOException {
        if (fileStream == null && size + length > memoryOctets) {
            spill();
        }
        if (fileStream == null) {
            memory.write(octets, offset, length);
        } else {
            fileStream.write(octets, offset, length);
        }
        size += length;
    }

    private void spill() throws IOException {
        file = Files.createTempFile("relais-imap", ".command");
        fileStream = new BufferedOutputStream(Files.newOutputStream(file), TRANSFER);
        memory.writeTo(fileStream);
        memory = new ByteArrayOutputStream(0);
    }

    /** Ends writing; what was spilled is in the file then. */
    void seal() throws IOException {
        if (fileStream == null) {
            sealed = memory.toByteArray();
            memory = new ByteArrayOutputStream(0);
        } else {
            fileStream.close();
        }
    }

    public long size() {
        return size;
    }

    /** Whether the octets are in a temporary file, so that reading them touches a disk. */
    public boolean isSpilled() {
        return file != null;
    }

    /** A new stream over the sealed octets from an offset on. */
    public InputStream from(long offset) throws IOException {
        if (file == null) {
            int start = Math.toIntExact(Math.min(offset, sealed.length));
            return new ByteArrayInputStream(sealed, start, sealed.length - start);
        }
        var stream = new BufferedInputStream(Files.newInputStream(file), TRANSFER);
        try {
            stream.skipNBytes(offset);
        } catch (IOException | RuntimeException e) {
            stream.close();
            throw e;
        }
        return stream;
    }

    @Override
    public void close() throws IOException {
        memory = new ByteArrayOutputStream(0);
        sealed = new byte[0];
        try {
            if (fileStream != null) {
                fileStream.close();
            }
        } finally {
            if (file != null) {
                Files.deleteIfExists(file);
            }
        }
    }
}
