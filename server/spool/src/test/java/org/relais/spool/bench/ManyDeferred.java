package org.relais.spool.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.relais.model.QueueId;
import org.relais.spool.BrowseFilter;
import org.relais.spool.Changes;
import org.relais.spool.Claim;
import org.relais.spool.CommitMode;
import org.relais.spool.Disposition;
import org.relais.spool.EnvelopeDetails;
import org.relais.spool.EnvelopeId;
import org.relais.spool.NewEnvelope;
import org.relais.spool.PendingMessage;
import org.relais.spool.Receipt;
import org.relais.spool.Stage;
import org.relais.spool.engine.DurableSpool;

/**
 * A million deferred mails: what they cost in memory, at the start, and for the next mail.
 *
 * <pre>
 * ManyDeferred DIRECTORY log|sqlite fill COUNT [kill]   fills up, measures on the way, stops or kills itself
 * ManyDeferred DIRECTORY log|sqlite start               starts and looks
 * </pre>
 */
public final class ManyDeferred {
    private final DurableSpool spool;
    private long number;

    private ManyDeferred(DurableSpool spool) {
        this.spool = spool;
    }

    public static void main(String[] arguments) throws Exception {
        ExecutorService io = Executors.newFixedThreadPool(2);
        long start = System.nanoTime();
        try (DurableSpool spool = SpoolBenchmark.open(Path.of(arguments[0]), arguments[1], CommitMode.COMMITTER, io)) {
            ManyDeferred many = new ManyDeferred(spool);
            if (arguments[2].equals("fill")) {
                many.fill(Integer.parseInt(arguments[3]));
                if (arguments.length > 4) {
                    Runtime.getRuntime().halt(9);
                }
            } else {
                many.append(1);
                System.out.printf(Locale.ROOT, "start to first mail accepted: %.2f s%n", seconds(start));
                many.look("after the start");
            }
        }
        io.shutdown();
    }

    private void fill(int count) throws Exception {
        for (int step : new int[] {1_000, 10_000, 100_000, 1_000_000}) {
            if (step <= count) {
                append(step - (int) spool.status().envelopes());
                look(step + " deferred");
            }
        }
    }

    private void append(int count) throws Exception {
        for (int left = count; left > 0; ) {
            List<CompletableFuture<Receipt>> pending = new ArrayList<>();
            for (int i = Math.min(left, 500); i > 0; i--, left--) {
                EnvelopeDetails details = EnvelopeDetails.of(
                                new QueueId("3GH7X1KQ" + number++),
                                "sender" + number + "@example.net",
                                "recipient@domain" + number % 997 + ".example.org",
                                Stage.DELIVERY)
                        .deferred(spool.now().plusSeconds(86_400), "451 4.4.1 connection timed out");
                pending.add(spool.commit(Changes.append(
                                PendingMessage.of(new byte[1024]), List.of(NewEnvelope.accepted(details))))
                        .toCompletableFuture());
            }
            for (CompletableFuture<Receipt> one : pending) {
                one.get();
            }
        }
    }

    private void look(String when) throws Exception {
        long start = System.nanoTime();
        append(2_000);
        double accept = seconds(start) * 1e6 / 2_000;
        start = System.nanoTime();
        var page = spool.browse(BrowseFilter.ALL, Optional.empty(), 100);
        double list = seconds(start) * 1e3;
        start = System.nanoTime();
        var found = spool.browse(BrowseFilter.ALL.withForwardDomain("domain7.example.org"), Optional.empty(), 100);
        double filtered = seconds(start) * 1e3;
        start = System.nanoTime();
        int removed = 0;
        Optional<EnvelopeId> after = Optional.empty();
        List<CompletableFuture<Receipt>> pending = new ArrayList<>();
        while (removed < 2_000) {
            var entries = spool.browse(BrowseFilter.ALL, after, 1000);
            for (var entry : entries.entries()) {
                EnvelopeId id =
                        ((org.relais.spool.Page.Entry.Item) entry).envelope().id();
                Claim claim = spool.claim(id, java.time.Duration.ofMinutes(1)).orElseThrow();
                pending.add(spool.commit(new Changes()
                                .remove(claim, Disposition.DELIVERED)
                                .relaxed())
                        .toCompletableFuture());
                removed++;
            }
            after = entries.next();
            if (after.isEmpty()) {
                break;
            }
        }
        for (CompletableFuture<Receipt> one : pending) {
            one.get();
        }
        double remove = seconds(start) * 1e6 / removed;
        System.gc();
        long heap = (Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory()) >> 20;
        System.out.printf(
                Locale.ROOT,
                "%s: accept %.0f us, remove (with look-up) %.0f us, first page %.1f ms (%d), by domain %.1f ms (%d), heap %d MiB%n",
                when,
                accept,
                remove,
                list,
                page.entries().size(),
                filtered,
                found.entries().size(),
                heap);
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }
}
