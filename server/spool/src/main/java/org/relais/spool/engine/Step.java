package org.relais.spool.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.relais.spool.Claim;
import org.relais.spool.EnvelopeId;
import org.relais.spool.Receipt;

/** One commit on its way: the records to write and what becomes of claims. Made by one thread, then the committer's. */
final class Step {
    private final boolean isDurable;
    private final boolean creates;
    private final long submittedNanos;
    private final List<Record> records = new ArrayList<>(2);
    private final List<Holdings.Holding> ending = new ArrayList<>(1);
    private final List<Holdings.Holding> pinned = new ArrayList<>(0);
    private final List<Claim> kept = new ArrayList<>(0);
    private final List<EnvelopeId> created = new ArrayList<>(1);
    private final List<SpilledMessage> spilled = new ArrayList<>(0);
    private final CompletableFuture<Receipt> done = new CompletableFuture<>();
    private long bytes;

    Step(boolean isDurable, boolean creates, long submittedNanos) {
        this.isDurable = isDurable;
        this.creates = creates;
        this.submittedNanos = submittedNanos;
    }

    void add(Record record) {
        records.add(record);
        bytes += record.body().length;
    }

    boolean isDurable() {
        return isDurable;
    }

    boolean creates() {
        return creates;
    }

    long submittedNanos() {
        return submittedNanos;
    }

    long bytes() {
        return bytes;
    }

    List<Record> records() {
        return records;
    }

    /** Holdings that end, or are renewed if a claim of {@link #kept} is theirs. */
    List<Holdings.Holding> ending() {
        return ending;
    }

    List<Holdings.Holding> pinned() {
        return pinned;
    }

    List<Claim> kept() {
        return kept;
    }

    List<EnvelopeId> created() {
        return created;
    }

    List<SpilledMessage> spilled() {
        return spilled;
    }

    CompletableFuture<Receipt> done() {
        return done;
    }

    Receipt receipt() {
        return new Receipt(created, kept);
    }
}
