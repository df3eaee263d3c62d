package org.relais.spool.engine;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.relais.spool.MessageContent;

/** The bytes of a message that has a file of its own. */
record FileContent(LargeMessages files, long id, long size) implements MessageContent {
    @Override
    public InputStream open() throws IOException {
        return files.open(id);
    }

    @Override
    public Optional<byte[]> inMemory() {
        return Optional.empty();
    }
}
