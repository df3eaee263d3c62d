package org.relais.spool.james;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.relais.spool.MessageContent;

final class ContentStreamTest {
    private final AtomicInteger open = new AtomicInteger();

    @Test
    void keepsNoFileOpenOnceItWasReadToItsEnd() throws Exception {
        InputStream whole = ContentStream.of(large(), 2);
        InputStream part = ((ContentStream) whole).newStream(1, 4);

        assertThat(whole.readAllBytes()).asString().isEqualTo("cdefgh");
        assertThat(part.readAllBytes()).asString().isEqualTo("def");

        assertThat(open).as("open files").hasValue(0);
        assertThat(whole.read()).isEqualTo(-1);
        assertThat(whole.available()).isZero();
        part.close();
    }

    private MessageContent large() {
        return new MessageContent() {
            @Override
            public long size() {
                return 8;
            }

            @Override
            public InputStream open() {
                open.incrementAndGet();
                return new FilterInputStream(new ByteArrayInputStream("abcdefgh".getBytes(US_ASCII))) {
                    @Override
                    public void close() throws IOException {
                        open.decrementAndGet();
                        super.close();
                    }
                };
            }

            @Override
            public Optional<byte[]> inMemory() {
                return Optional.empty();
            }
        };
    }
}
