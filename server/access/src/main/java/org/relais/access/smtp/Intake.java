package org.relais.access.smtp;

import java.nio.ByteBuffer;
import java.util.concurrent.CompletionStage;
import org.relais.model.QueueId;
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
         * Takes responsibility for the mail: when the stage completes, it is in the spool and the client is answered
         * 250. If it fails nothing was taken and the client keeps the mail. To be called once, when no write is under
         * way; from then on the content closes itself.
         */
        CompletionStage<Void> commit(ReceivedMail mail);

        /** Frees what the content holds, when no write is under way. Does nothing behind a commit. */
        void close();
    }
}
