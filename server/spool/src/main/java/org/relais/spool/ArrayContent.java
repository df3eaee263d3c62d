package org.relais.spool;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.Optional;

/** Bytes in memory. The array is shared and never changed. */
@SuppressWarnings("ArrayRecordComponent") // shared on purpose, see MessageContent.inMemory()
record ArrayContent(byte[] bytes) implements MessageContent {
    @Override
    public long size() {
        return bytes.length;
    }

    @Override
    public InputStream open() {
        return new ByteArrayInputStream(bytes);
    }

    @Override
    public Optional<byte[]> inMemory() {
        return Optional.of(bytes);
    }
}
