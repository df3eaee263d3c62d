package org.relais.access.smtp;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.relais.model.event.EventField;
import org.relais.model.event.MailEvent;
import org.relais.model.event.MailEventKind;
import org.relais.spool.MessageContent;

/**
 * The content of one transaction, from DATA or the first BDAT (RFC 3030) to the replies behind the commit.
 *
 * <p>A transaction uses one of both. What is wrong with content behind DATA is told behind its last line, with chunks
 * behind each from the one that shows it. Used by one thread at a time.
 */
final class Transfer {
    private final SmtpOptions options;
    private final SmtpServices services;
    private final SessionState session;
    private final HookedCommands hooks;
    private final Envelope envelope;
    private final Instant receivedAt;
    private final boolean isChunked;
    private final Runnable atEnd;
    private final MailData data;

    /** Octets of the current chunk that are still to come. */
    private long left;

    private boolean isLast;
    private boolean isReceiving;
    private boolean isCommitting;
    private boolean isGivenUp;

    /** @param atEnd called when the transaction is over, before the replies are given */
    Transfer(
            SmtpOptions options,
            SmtpServices services,
            SessionState session,
            HookedCommands hooks,
            Envelope envelope,
            boolean isChunked,
            Runnable atEnd) {
        this.options = options;
        this.services = services;
        this.session = session;
        this.hooks = hooks;
        this.envelope = envelope;
        this.isChunked = isChunked;
        this.atEnd = atEnd;
        this.receivedAt = services.clock().instant();
        this.isReceiving = !isChunked;
        boolean normalise = options.normalisesBareLineEndings();
        var id = services.queueIds().next();
        this.data = new MailData(
                id,
                services.intake().open(id),
                ReceivedField.of(session.facts(), options.hostname(), id, envelope.forwardPaths(), receivedAt),
                isChunked ? ContentDecoder.ofChunks(normalise) : ContentDecoder.ofData(normalise),
                options);
    }

    boolean isChunked() {
        return isChunked;
    }

    /** Whether what the client sends now is content. */
    boolean isReceiving() {
        return isReceiving;
    }

    /** Whether the mail was handed over, to plug-ins or to the spool: what becomes of it is heard of later. */
    boolean isCommitting() {
        return isCommitting;
    }

    Answer beginChunk(ChunkArgument chunk) {
        left = chunk.octets();
        isLast = chunk.isLast();
        isReceiving = true;
        if (chunk.octets() > options.messageOctets() - data.octets()) {
            data.fail(MailData.tooLarge(options));
        }
        return proceed();
    }

    Answer receive(ByteBuffer input) {
        if (isChunked) {
            int end = input.limit();
            int start = input.position();
            input.limit((int) Math.min(end, start + left));
            if (data.fault() == null) {
                data.receive(input);
            } else {
                input.position(input.limit());
            }
            left -= input.position() - start;
            input.limit(end);
        } else {
            data.receive(input);
        }
        return proceed();
    }

    private Answer proceed() {
        CompletionStage<Void> writing = data.writing();
        if (writing != null) {
            return new Answer.Afterwards(writing, () -> {
                data.written();
                return proceed();
            });
        }
        if (isChunked ? left > 0 : !data.isAtEnd()) {
            return Answer.NOTHING;
        }
        if (isChunked && !isLast) {
            return chunkReceived();
        }
        return data.finish() ? proceed() : commit();
    }

    private Answer chunkReceived() {
        isReceiving = false;
        Reply fault = data.fault();
        return new Answer.ToContent(List.of(fault == null ? Reply.ok(data.octets() + " octets received") : fault));
    }

    private Answer commit() {
        isReceiving = false;
        Reply fault = data.fault();
        if (fault != null) {
            return conclude(fault);
        }
        ReceivedMail mail = new ReceivedMail(
                data.id(),
                envelope.reversePath(),
                envelope.forwardPaths(),
                session.facts(),
                receivedAt,
                data.octets(),
                envelope.declared().isEightBit(),
                envelope.dsnRequests());
        return hooks.concern(HookPoint.CONTENT) ? judge(mail) : commit(mail, null);
    }

    /** The plug-ins read what is complete and not committed. */
    private Answer judge(ReceivedMail mail) {
        CompletableFuture<MessageContent> complete;
        try {
            complete = data.complete().toCompletableFuture();
        } catch (RuntimeException e) {
            return conclude(IntakeFailure.reply(data.id(), e));
        }
        isCommitting = true;
        Answer.Conclusion asking = () -> ask(mail, complete);
        return complete.isDone() ? asking.conclude() : new Answer.Afterwards(complete, asking);
    }

    private Answer ask(ReceivedMail mail, CompletableFuture<MessageContent> complete) {
        Throwable failure = IntakeFailure.of(complete);
        if (failure != null) {
            return conclude(IntakeFailure.reply(data.id(), failure));
        }
        MessageContent content = complete.join();
        HookView view = hooks.view(envelope.reversePath(), envelope);
        return new Answer.Elsewhere(
                () -> {
                    SessionHooks.Judgement judgement = hooks.hooks().content(view, mail, content);
                    return () -> judged(mail, judgement);
                },
                () -> judged(mail, SessionHooks.Judgement.FAILED));
    }

    private Answer judged(ReceivedMail mail, SessionHooks.Judgement judgement) {
        isCommitting = false;
        if (isGivenUp) {
            judgement.discard();
            connectionLost();
            atEnd.run();
            return Answer.NOTHING;
        }
        Reply refusal = judgement.verdict().reply();
        if (judgement.verdict().endsSession()) {
            session.end();
        }
        if (refusal != null) {
            judgement.discard();
            return conclude(refusal);
        }
        return commit(mail, judgement.revision());
    }

    private Answer commit(ReceivedMail mail, @Nullable MailRevision revision) {
        CompletableFuture<Void> committed;
        try {
            committed = data.commit(mail, revision).toCompletableFuture();
        } catch (RuntimeException e) {
            return conclude(IntakeFailure.reply(data.id(), e));
        }
        isCommitting = true;
        Answer.Conclusion conclusion = () -> conclude(replyTo(committed));
        return committed.isDone() ? conclusion.conclude() : new Answer.Afterwards(committed, conclusion);
    }

    private Reply replyTo(CompletableFuture<Void> committed) {
        Throwable failure = IntakeFailure.of(committed);
        return failure == null ? Reply.ok("Ok: queued as " + data.id()) : IntakeFailure.reply(data.id(), failure);
    }

    private Answer conclude(Reply reply) {
        MailEvent.Builder event = event(reply.isPositive() ? MailEventKind.RECEIVED : MailEventKind.REFUSED);
        if (!reply.isPositive()) {
            event.with(EventField.REASON, isChunked ? "BDAT" : "DATA")
                    .with(EventField.REPLY, reply.summary())
                    .with(EventField.STATUS, reply.status());
        }
        services.events().record(event.build());
        int replies = options.role() == Role.LMTP ? envelope.accepted() : 1;
        atEnd.run();
        return new Answer.ToContent(Collections.nCopies(replies, reply));
    }

    /** Nobody waits for the reply any more; what was handed to the spool stays there. */
    void giveUpJudging() {
        isGivenUp = true;
    }

    /** The connection is lost: what had arrived is thrown away; the client keeps the mail. */
    void connectionLost() {
        services.events()
                .record(event(MailEventKind.REFUSED)
                        .with(EventField.REASON, "connection lost in " + (isChunked ? "BDAT" : "DATA"))
                        .build());
    }

    void close() {
        data.close();
    }

    private MailEvent.Builder event(MailEventKind kind) {
        return session.event(kind)
                .queueId(data.id())
                .reversePath(envelope.reversePath().address())
                .forwardPaths(envelope.forwardAddresses())
                .with(EventField.SIZE, data.octets());
    }
}
