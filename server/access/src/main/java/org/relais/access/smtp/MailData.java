package org.relais.access.smtp;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.relais.model.QueueId;
import org.relais.spool.MessageContent;

/**
 * The content of one mail while it arrives: the trace field on top, then the client's octets as they are.
 *
 * <p>What is wrong with it (too large, bare line endings, no room) is remembered until its end, as the client listens to
 * no reply before; a faulty content is read on and thrown away. While the intake is behind ({@link #writing()}) nothing
 * more is taken but the few octets that were already decoded. Used by one thread at a time.
 */
final class MailData implements ContentDecoder.Sink {
    private static final byte[] CRLF = {'\r', '\n'};

    private final QueueId id;
    private final Intake.Content content;
    private final byte[] trace;
    private final SmtpOptions options;
    private final ContentDecoder decoder;
    private final FirstLine firstLine = new FirstLine();
    /** The first line until it is judged; later, what was decoded while the intake was behind. */
    private final ByteArrayOutputStream held = new ByteArrayOutputStream(128);

    private long octets;
    private boolean isFinished;
    private @Nullable CompletableFuture<Void> writing;
    private @Nullable Reply fault;

    MailData(QueueId id, Intake.Content content, String trace, ContentDecoder decoder, SmtpOptions options) {
        this.id = id;
        this.content = content;
        this.trace = trace.getBytes(StandardCharsets.US_ASCII);
        this.decoder = decoder;
        this.options = options;
    }

    QueueId id() {
        return id;
    }

    /** Octets of the client's content, so far. */
    long octets() {
        return octets;
    }

    /** Whether the dot was read that ends what comes behind DATA. */
    boolean isAtEnd() {
        return decoder.isAtEnd();
    }

    void receive(ByteBuffer input) {
        decoder.decode(input, this);
    }

    /** What must complete before more is received; null if nothing must. */
    @Nullable
    CompletionStage<Void> writing() {
        return writing;
    }

    /** {@link #writing()} completed. */
    void written() {
        CompletableFuture<Void> done = writing;
        if (done == null) {
            throw new IllegalStateException("nothing was being written");
        }
        writing = null;
        settle(done);
        if (fault == null && firstLine.isDecided() && held.size() > 0) {
            ByteBuffer decoded = ByteBuffer.wrap(held.toByteArray());
            held.reset();
            submit(decoded);
        }
    }

    /** All of it was received. Leaves perhaps a last write under way. @return whether that was new */
    boolean finish() {
        if (isFinished) {
            return false;
        }
        isFinished = true;
        decoder.endOfChunks(this);
        if (decoder.hasBareLineEnding() && !options.normalisesBareLineEndings()) {
            fail(Reply.of(550, "5.6.0", "Lines must end in CRLF: a CR or LF stands alone"));
        }
        if (fault == null && !firstLine.isDecided()) {
            writeTop(ByteBuffer.allocate(0));
        }
        return true;
    }

    /** Why the mail cannot be taken; null as long as it can. */
    @Nullable
    Reply fault() {
        return fault;
    }

    /** The mail cannot be taken any more; the first reason counts. */
    void fail(Reply reason) {
        if (fault == null) {
            fault = reason;
            held.reset();
            close();
        }
    }

    /** All of it, to be read before the commit. */
    CompletionStage<MessageContent> complete() {
        return content.complete();
    }

    CompletionStage<Void> commit(ReceivedMail mail, @Nullable MailRevision revision) {
        return content.commit(mail, revision);
    }

    /** Frees what it holds as soon as no write is under way. */
    void close() {
        CompletableFuture<Void> busy = writing;
        if (busy == null) {
            content.close();
        } else {
            busy.whenComplete((nothing, failure) -> content.close());
        }
    }

    @Override
    public boolean hasRoom() {
        return writing == null;
    }

    @Override
    public void write(ByteBuffer run) {
        octets += run.remaining();
        if (octets > options.messageOctets()) {
            fail(tooLarge(options));
        }
        if (fault != null) {
            return;
        }
        while (!firstLine.isDecided() && run.hasRemaining()) {
            byte octet = run.get();
            held.write(octet);
            if (firstLine.decide(octet)) {
                writeTop(run);
            }
        }
        if (run.hasRemaining() && fault == null) {
            submit(run);
        }
    }

    static Reply tooLarge(SmtpOptions options) {
        return Reply.of(552, "5.3.4", "Message too large, the limit is " + options.messageOctets() + " octets");
    }

    /** The trace field, what was held, and the rest of what was read: most mails are one write. */
    private void writeTop(ByteBuffer rest) {
        int separator = firstLine.isSeparatorNeeded() ? CRLF.length : 0;
        ByteBuffer top = ByteBuffer.allocate(trace.length + separator + held.size() + rest.remaining());
        top.put(trace).put(CRLF, 0, separator).put(held.toByteArray()).put(rest).flip();
        held.reset();
        submit(top);
    }

    private void submit(ByteBuffer run) {
        if (writing != null) {
            byte[] late = new byte[run.remaining()];
            run.get(late);
            held.writeBytes(late);
            return;
        }
        CompletableFuture<Void> stage;
        try {
            stage = content.write(run).toCompletableFuture();
        } catch (RuntimeException e) {
            fail(IntakeFailure.reply(id, e));
            return;
        }
        if (stage.isDone()) {
            settle(stage);
        } else {
            writing = stage;
        }
    }

    private void settle(CompletableFuture<Void> done) {
        Throwable failure = IntakeFailure.of(done);
        if (failure != null) {
            fail(IntakeFailure.reply(id, failure));
        }
    }
}
