package org.relais.spool.log;

import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.relais.model.QueueId;
import org.relais.spool.Changes;
import org.relais.spool.Claim;
import org.relais.spool.Disposition;
import org.relais.spool.EnvelopeDetails;
import org.relais.spool.EnvelopeId;
import org.relais.spool.MessageWriter;
import org.relais.spool.NewEnvelope;
import org.relais.spool.PendingMessage;
import org.relais.spool.Stage;
import org.relais.spool.engine.DurableSpool;
import org.relais.spool.engine.SpoolSettings;

/** The process that {@link CrashTest} kills: appends, defers and removes as fast as it can, and prints what is done. */
final class CrashLoad {
    private static final int WRITERS = 8;

    private final DurableSpool spool;
    private final PrintStream out;
    private final AtomicLong nextSeed;

    private CrashLoad(DurableSpool spool, long firstSeed) {
        this.spool = spool;
        this.out = new PrintStream(new java.io.FileOutputStream(java.io.FileDescriptor.out), true);
        this.nextSeed = new AtomicLong(firstSeed);
    }

    public static void main(String[] arguments) throws Exception {
        SpoolSettings settings = SpoolSettings.in(Path.of(arguments[0])).withSegmentBytes(1 << 20);
        DurableSpool spool = LogSpool.open(settings, Clock.systemUTC(), Executors.newFixedThreadPool(4));
        CrashLoad load = new CrashLoad(spool, Long.parseLong(arguments[1]));
        System.out.println("started");
        for (int i = 0; i < WRITERS; i++) {
            new Thread(load::write).start();
        }
        new Thread(load::deliver).start();
    }

    private void write() {
        try {
            while (true) {
                append(nextSeed.getAndIncrement());
            }
        } catch (Exception e) {
            fail(e);
        }
    }

    private void append(long seed) throws Exception {
        EnvelopeDetails details =
                EnvelopeDetails.of(new QueueId("S" + seed), "a@example.net", "b@example.org", Stage.CHAIN);
        try (PendingMessage message = message(content(seed))) {
            EnvelopeId id = spool.commit(Changes.append(message, List.of(NewEnvelope.accepted(details))))
                    .toCompletableFuture()
                    .get()
                    .created()
                    .get(0);
            say("added", seed, id);
        }
    }

    private PendingMessage message(byte[] content) throws Exception {
        MessageWriter writer = spool.newMessage();
        for (int from = 0; from < content.length; from += 16_384) {
            writer.write(ByteBuffer.wrap(content, from, Math.min(16_384, content.length - from)))
                    .toCompletableFuture()
                    .get();
        }
        return writer.finish().toCompletableFuture().get();
    }

    /** Most mails go at once, some are deferred, some wait for long. */
    private void deliver() {
        Random random = new Random();
        try {
            while (true) {
                spool.awaitDue(Stage.CHAIN, Duration.ofSeconds(1));
                for (Claim claim : spool.claim(Stage.CHAIN, 50, Duration.ofMinutes(1))) {
                    long seed =
                            Long.parseLong(claim.envelope().queueId().value().substring(1));
                    EnvelopeDetails details = claim.envelope().details();
                    switch (random.nextInt(10)) {
                        case 0 ->
                            spool.commit(new Changes()
                                    .update(claim, details.deferred(spool.now().plusSeconds(3600), "451 later"))
                                    .relaxed());
                        case 1 -> spool.commit(new Changes().update(claim, details.deferred(spool.now(), "451 again")));
                        default -> {
                            say("removing", seed, claim.id());
                            spool.commit(new Changes()
                                            .remove(claim, Disposition.DELIVERED)
                                            .relaxed())
                                    .thenRun(() -> say("removed", seed, claim.id()));
                        }
                    }
                }
            }
        } catch (Exception e) {
            fail(e);
        }
    }

    private void say(String what, long seed, EnvelopeId id) {
        out.println(what + ' ' + seed + ' ' + id.value());
    }

    private void fail(Exception e) {
        out.println("failed " + e);
        Runtime.getRuntime().halt(1);
    }

    /** Bytes that tell from which seed they were made: mostly some KiB, now and then some hundred. */
    static byte[] content(long seed) {
        Random random = new Random(seed);
        int size = 8
                + switch (random.nextInt(20)) {
                    case 0 -> random.nextInt(1 << 20);
                    case 1 -> 0;
                    default -> random.nextInt(16_384);
                };
        byte[] bytes = new byte[size];
        random.nextBytes(bytes);
        ByteBuffer.wrap(bytes).putLong(seed);
        return bytes;
    }
}
