package org.relais.access.smtp;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.relais.model.QueueId;

/** Keeps mail in memory; fails where it is told to. */
final class RecordingIntake implements Intake {
    enum Failure {
        NONE,
        AT_OPEN,
        AT_WRITE,
        AT_COMMIT,
        BUG_AT_COMMIT
    }

    final List<RecordedMail> mails = new CopyOnWriteArrayList<>();
    final AtomicInteger open = new AtomicInteger();
    volatile Failure failure = Failure.NONE;

    @Override
    public Content open(QueueId id) throws IOException {
        failAt(Failure.AT_OPEN);
        open.incrementAndGet();
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        return new Content() {
            @Override
            public void write(byte[] piece, int offset, int length) throws IOException {
                failAt(Failure.AT_WRITE);
                octets.write(piece, offset, length);
            }

            @Override
            public void commit(ReceivedMail mail) throws IOException {
                failAt(Failure.AT_COMMIT);
                if (failure == Failure.BUG_AT_COMMIT) {
                    throw new IllegalStateException("a bug");
                }
                mails.add(new RecordedMail(mail, octets.toByteArray()));
            }

            @Override
            public void close() {
                open.decrementAndGet();
            }
        };
    }

    private void failAt(Failure step) throws IOException {
        if (failure == step) {
            throw new IOException("no space left");
        }
    }
}
