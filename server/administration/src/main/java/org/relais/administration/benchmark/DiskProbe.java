package org.relais.administration.benchmark;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** What the disk itself takes to make so many octets durable: append and fdatasync, one after the other. */
final class DiskProbe {
    private static final int WRITES = 200;
    private static final long AT_MOST_NANOS = 5_000_000_000L;

    private DiskProbe() {}

    static Latencies measure(Path folder, int size) throws IOException {
        var latencies = new Latencies();
        var file = folder.resolve("probe");
        try (var channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            var block = ByteBuffer.allocate(size);
            long begin = System.nanoTime();
            for (int i = 0; i < WRITES && System.nanoTime() - begin < AT_MOST_NANOS; i++) {
                long before = System.nanoTime();
                block.rewind();
                while (block.hasRemaining()) {
                    channel.write(block);
                }
                channel.force(false);
                latencies.add(System.nanoTime() - before);
            }
        } finally {
            Files.deleteIfExists(file);
        }
        return latencies;
    }
}
