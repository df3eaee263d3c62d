package org.relais.spool.log;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.relais.model.QueueId;
import org.relais.spool.BrowseFilter;
import org.relais.spool.Changes;
import org.relais.spool.Claim;
import org.relais.spool.Disposition;
import org.relais.spool.Envelope;
import org.relais.spool.EnvelopeDetails;
import org.relais.spool.EnvelopeId;
import org.relais.spool.ManualClock;
import org.relais.spool.MessageWriter;
import org.relais.spool.NewEnvelope;
import org.relais.spool.Page;
import org.relais.spool.PendingMessage;
import org.relais.spool.Receipt;
import org.relais.spool.Spool;
import org.relais.spool.SpoolException;
import org.relais.spool.Stage;
import org.relais.spool.engine.DurableSpool;
import org.relais.spool.engine.SpoolSettings;

/** Words for tests that stop a spool, harm its files and start it again. */
abstract class LogSpoolFixture {
    static final Duration LEASE = Duration.ofMinutes(10);

    @TempDir
    Path directory;

    @TempDir
    private Path copies;

    final ManualClock clock = new ManualClock();
    final FaultyDisk disk = new FaultyDisk();
    private final ExecutorService io = Executors.newFixedThreadPool(2);
    private final List<DurableSpool> opened = new ArrayList<>();

    @AfterEach
    void stopEverything() throws Exception {
        disk.healSyncs();
        for (DurableSpool spool : opened) {
            spool.close();
        }
        io.shutdown();
    }

    SpoolSettings settings() {
        return SpoolSettings.in(directory).withCacheBytes(0);
    }

    DurableSpool open() throws SpoolException {
        return open(directory);
    }

    DurableSpool open(Path where) throws SpoolException {
        SpoolSettings in = SpoolSettings.in(where)
                .withCacheBytes(0)
                .withSegmentBytes(settings().segmentBytes())
                .withMinimumFree(settings().minimumFree());
        DurableSpool spool = LogSpool.open(in, clock, clock, io, disk);
        opened.add(spool);
        return spool;
    }

    /** As after a kill: what is in the files at one moment is copied while the spool is open. */
    Path copyOf(Path spool) throws IOException {
        for (int attempt = 0; attempt < 100; attempt++) {
            Map<Path, Long> before = sizes(spool);
            Path copy = Files.createTempDirectory(copies, "copy");
            try {
                copy(spool, copy);
            } catch (NoSuchFileException e) {
                continue; // compaction took a segment away meanwhile: this was not one moment
            }
            if (sizes(spool).equals(before)) {
                return copy;
            }
        }
        throw new IOException("the spool's files do not keep still");
    }

    private static void copy(Path spool, Path copy) throws IOException {
        try (var files = Files.walk(spool)) {
            for (Path file : files.toList()) {
                Path target = copy.resolve(spool.relativize(file));
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target);
                }
            }
        }
    }

    private static Map<Path, Long> sizes(Path spool) throws IOException {
        Map<Path, Long> sizes = new TreeMap<>();
        try (var files = Files.walk(spool)) {
            for (Path file : files.toList()) {
                try {
                    sizes.put(file, Files.isDirectory(file) ? -1 : Files.size(file));
                } catch (NoSuchFileException e) {
                    sizes.put(file, -2L); // gone since it was listed: the next listing differs
                }
            }
        }
        return sizes;
    }

    static List<Path> segments(Path spool) throws IOException {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(spool.resolve("log"))) {
            stream.forEach(files::add);
        }
        files.sort(null);
        return files;
    }

    static EnvelopeDetails details(String queueId) {
        return EnvelopeDetails.of(new QueueId(queueId), "sender@example.net", "rcpt@example.org", Stage.CHAIN);
    }

    static EnvelopeId append(Spool spool, String queueId, byte[] bytes) throws Exception {
        PendingMessage message;
        if (bytes.length <= 1 << 18) {
            message = PendingMessage.of(bytes);
        } else {
            MessageWriter writer = spool.newMessage();
            for (int from = 0; from < bytes.length; from += 100_000) {
                await(writer.write(ByteBuffer.wrap(bytes, from, Math.min(100_000, bytes.length - from))));
            }
            message = await(writer.finish());
        }
        try (message) {
            return commit(spool, Changes.append(message, List.of(NewEnvelope.accepted(details(queueId)))))
                    .created()
                    .get(0);
        }
    }

    static EnvelopeId append(Spool spool, String text) throws Exception {
        return append(spool, "Q" + text.hashCode(), text.getBytes(US_ASCII));
    }

    static Receipt commit(Spool spool, Changes changes) throws Exception {
        return await(spool.commit(changes));
    }

    static void deliver(Spool spool, EnvelopeId id) throws Exception {
        Claim claim = spool.claim(id, LEASE).orElseThrow();
        commit(spool, new Changes().remove(claim, Disposition.DELIVERED).relaxed());
    }

    static byte[] bytesOf(Spool spool, EnvelopeId id) throws Exception {
        Envelope envelope = spool.find(id).orElseThrow();
        try (InputStream in = spool.content(envelope.message()).open()) {
            return in.readAllBytes();
        }
    }

    /** What can be read, by envelope; what cannot is left out. */
    static TreeMap<Long, String> readable(Spool spool) throws Exception {
        TreeMap<Long, String> found = new TreeMap<>();
        Page page = spool.browse(BrowseFilter.ALL, Optional.empty(), 100_000);
        for (Page.Entry entry : page.entries()) {
            if (entry instanceof Page.Entry.Item item) {
                try {
                    found.put(
                            item.envelope().id().value(),
                            new String(bytesOf(spool, item.envelope().id()), US_ASCII));
                } catch (SpoolException.Damaged | IOException e) {
                    found.remove(item.envelope().id().value());
                }
            }
        }
        return found;
    }

    static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    static <T> T await(CompletionStage<T> stage) throws Exception {
        try {
            return stage.toCompletableFuture().get(60, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw e;
        }
    }

    interface Condition {
        boolean holds() throws Exception;
    }

    static void awaitThat(Condition condition) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!condition.holds()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("did not become true within 30 s");
            }
            Thread.onSpinWait();
        }
    }
}
