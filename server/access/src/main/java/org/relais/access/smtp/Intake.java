package org.relais.access.smtp;

import java.nio.ByteBuffer;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.relais.model.QueueId;
import org.relais.spool.MessageContent;
import org.relais.spool.SpoolException;

/** Where received mail goes. Called from event loops: nothing here blocks. Safe for use by many threads. */
public interface Intake {
    /**
     * Whether a mail of that size would be taken now.
     *
     * @param octets what the client declared; 0 if it declared nothing
     */
    void checkRoom(long octets) throws SpoolException;

    /** Opens the place for one mail's content. Whoever opens it closes it. */
    Content open(QueueId id);

    /** Called behind a turn of the event loop in which mails were committed. */
    void flush();

    /** One mail's content while it arrives; used by one thread at a time. Stages fail with {@link SpoolException}s. */
    interface Content {
        /**
         * Takes the octets, which are the caller's again on return. The stage completes, on whichever thread, when the
         * next ones may come.
         */
        CompletionStage<Void> write(ByteBuffer octets);

        /**
         * What was written, to be read before the commit, until then or until it is closed. To be called at most once,
         * when no write is under way, and nothing is written behind it.
         */
        CompletionStage<MessageContent> complete();

        /**
         * Takes responsibility for the mail: when the stage completes, it is in the spool and the client is answered
         * 250. If it fails nothing was taken and the client keeps the mail. To be called once, when no write is under
         * way; from then on the content closes itself.
         *
         * @param revision what plug-ins made of the mail, which is the content's from then on; null: as it came
         */
        CompletionStage<Void> commit(ReceivedMail mail, @Nullable MailRevision revision);

        /** Frees what the content holds, when no write is under way. Does nothing behind a commit. */
        void close();
    }
}
