package org.relais.access.smtp;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.relais.model.QueueId;
import org.relais.spool.MessageContent;
import org.relais.spool.PendingMessage;
import org.relais.spool.SpoolException;

/** Keeps mail in memory, for one thread; fails where it is told to, and completes late where it is told to. */
final class RecordingIntake implements Intake {
    /** Where {@link #failure} happens. */
    enum Step {
        ROOM,
        WRITE,
        COMMIT
    }

    final List<RecordedMail> mails = new ArrayList<>();
    int open;
    /** What was asked for at {@link #checkRoom}. */
    final List<Long> asked = new ArrayList<>();

    /** What is not completed until the test does it. */
    final List<CompletableFuture<Void>> late = new ArrayList<>();

    boolean commitsLate;
    boolean writesLate;
    private @Nullable Step failing;
    private @Nullable Exception failure;

    void failAt(Step step, Exception with) {
        failing = step;
        failure = with;
    }

    @Override
    public void checkRoom(long octets) throws SpoolException {
        asked.add(octets);
        if (failing == Step.ROOM && failure instanceof SpoolException) {
            throw (SpoolException) failure;
        }
    }

    @Override
    public void flush() {}

    @Override
    public Content open(QueueId id) {
        open++;
        return new Recording();
    }

    private final class Recording implements Content {
        private final ByteArrayOutputStream octets = new ByteArrayOutputStream();
        private boolean closed;
        private boolean busy;

        @Override
        public CompletionStage<Void> write(ByteBuffer piece) {
            if (busy || closed) {
                throw new IllegalStateException("written to while busy or closed");
            }
            if (failing == Step.WRITE) {
                return CompletableFuture.failedFuture(failure);
            }
            byte[] copy = new byte[piece.remaining()];
            piece.get(copy);
            octets.writeBytes(copy);
            if (!writesLate) {
                return CompletableFuture.completedStage(null);
            }
            busy = true;
            CompletableFuture<Void> written = new CompletableFuture<>();
            late.add(written);
            return written.whenComplete((nothing, broken) -> busy = false);
        }

        @Override
        public CompletionStage<MessageContent> complete() {
            return CompletableFuture.completedStage(
                    PendingMessage.of(octets.toByteArray()).content());
        }

        @Override
        public CompletionStage<Void> commit(ReceivedMail mail, @Nullable MailRevision revision) {
            open--;
            closed = true;
            if (failing == Step.COMMIT) {
                if (failure instanceof RuntimeException) {
                    throw (RuntimeException) failure;
                }
                return CompletableFuture.failedFuture(failure);
            }
            CompletableFuture<Void> committed = new CompletableFuture<>();
            CompletionStage<Void> result =
                    committed.thenRun(() -> mails.add(new RecordedMail(mail, octets.toByteArray())));
            if (commitsLate) {
                late.add(committed);
            } else {
                committed.complete(null);
            }
            return result;
        }

        @Override
        public void close() {
            if (busy) {
                throw new IllegalStateException("closed while a write is under way");
            }
            if (!closed) {
                closed = true;
                open--;
            }
        }
    }
}
