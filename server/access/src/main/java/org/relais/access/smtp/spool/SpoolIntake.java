package org.relais.access.smtp.spool;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.relais.access.smtp.Intake;
import org.relais.access.smtp.MailPath;
import org.relais.access.smtp.MailRevision;
import org.relais.access.smtp.ReceivedMail;
import org.relais.model.QueueId;
import org.relais.spool.Changes;
import org.relais.spool.EnvelopeDetails;
import org.relais.spool.MessageContent;
import org.relais.spool.MessageWriter;
import org.relais.spool.NewEnvelope;
import org.relais.spool.OpaqueState;
import org.relais.spool.PendingMessage;
import org.relais.spool.Receipt;
import org.relais.spool.Spool;
import org.relais.spool.SpoolException;
import org.relais.spool.Stage;
import org.relais.spool.mail.DsnRequest;
import org.relais.spool.mail.MailState;

/**
 * Puts received mail into the spool: one message, one envelope for each forward-path, for the chain. Safe for use by
 * many threads; blocks none.
 *
 * <p>Deviation: the mail's remote host is the client's address; its name is not looked up in DNS.
 */
public final class SpoolIntake implements Intake {
    /** Whether the session was authenticated or its network may relay: the chain's second lock reads it. */
    public static final String MAY_RELAY = "relais.mayRelay";

    private final Spool spool;

    public SpoolIntake(Spool spool) {
        this.spool = spool;
    }

    @Override
    public void checkRoom(long octets) throws SpoolException {
        spool.checkRoom(octets);
    }

    @Override
    public Content open(QueueId id) {
        return new SpoolContent(spool.newMessage());
    }

    @Override
    public void flush() {
        spool.flush();
    }

    private final class SpoolContent implements Content {
        private final MessageWriter writer;
        private boolean isHandedOver;
        private @Nullable CompletableFuture<PendingMessage> finishing;

        SpoolContent(MessageWriter writer) {
            this.writer = writer;
        }

        @Override
        public CompletionStage<Void> write(ByteBuffer octets) {
            return writer.write(octets);
        }

        @Override
        public CompletionStage<MessageContent> complete() {
            return finished().thenApply(PendingMessage::content);
        }

        private CompletableFuture<PendingMessage> finished() {
            CompletableFuture<PendingMessage> begun = finishing;
            if (begun == null) {
                begun = writer.finish().toCompletableFuture();
                finishing = begun;
            }
            return begun;
        }

        @Override
        public CompletionStage<Void> commit(ReceivedMail mail, @Nullable MailRevision revision) {
            List<NewEnvelope> envelopes;
            try {
                envelopes = envelopes(mail, revision);
            } catch (RuntimeException e) {
                if (revision != null) {
                    revision.discard();
                }
                throw e;
            }
            CompletableFuture<PendingMessage> finished = finished();
            isHandedOver = true;
            finished.whenComplete((message, failure) -> {
                if (failure != null) {
                    writer.close();
                }
            });
            PendingMessage rewritten = revision == null ? null : revision.message();
            return finished.thenCompose(message -> {
                        if (rewritten == null) {
                            return append(message, envelopes);
                        }
                        message.close();
                        return append(rewritten, envelopes);
                    })
                    .thenApply(receipt -> null);
        }

        @Override
        public void close() {
            if (isHandedOver) {
                return;
            }
            CompletableFuture<PendingMessage> begun = finishing;
            if (begun == null) {
                writer.close();
            } else {
                begun.whenComplete((message, failure) -> {
                    if (failure == null) {
                        message.close();
                    } else {
                        writer.close();
                    }
                });
            }
        }
    }

    private CompletionStage<Receipt> append(PendingMessage message, List<NewEnvelope> envelopes) {
        CompletionStage<Receipt> committed;
        try {
            committed = spool.commit(Changes.append(message, envelopes));
        } catch (RuntimeException e) {
            message.close();
            throw e;
        }
        return committed.whenComplete((receipt, failure) -> {
            if (failure != null) {
                message.close();
            }
        });
    }

    /** What the chain learns of the mail, without what plug-ins add. */
    public static MailState stateOf(ReceivedMail mail) {
        return MailState.received(
                mail.id().value(),
                mail.session().clientAddress(),
                mail.receivedAt(),
                MailAttributes.of(mail.session()));
    }

    private static List<NewEnvelope> envelopes(ReceivedMail mail, @Nullable MailRevision revision) {
        MailState common = revision == null ? stateOf(mail) : revision.state();
        OpaqueState encoded = common.encode();
        int priority = revision == null ? EnvelopeDetails.USUAL_PRIORITY : revision.priority();
        List<NewEnvelope> envelopes = new ArrayList<>(mail.forwardPaths().size());
        for (int i = 0; i < mail.forwardPaths().size(); i++) {
            MailPath forwardPath = mail.forwardPaths().get(i);
            DsnRequest dsn = mail.dsn().get(i);
            OpaqueState state =
                    dsn.equals(common.dsn()) ? encoded : common.withDsn(dsn).encode();
            envelopes.add(NewEnvelope.accepted(new EnvelopeDetails(
                    mail.id(),
                    mail.reversePath().address(),
                    forwardPath.address(),
                    Stage.CHAIN,
                    priority,
                    0,
                    Instant.EPOCH,
                    false,
                    "",
                    state)));
        }
        return envelopes;
    }
}
