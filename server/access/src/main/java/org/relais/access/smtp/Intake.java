package org.relais.access.smtp;

import java.io.IOException;
import org.relais.model.QueueId;

/** Where received mail goes. Called from session threads; may block. */
public interface Intake {
    /** Opens the place for one mail's content. */
    Content open(QueueId id) throws IOException;

    /** One mail's content while it arrives; used by one thread at a time. */
    interface Content {
        void write(byte[] octets, int offset, int length) throws IOException;

        /**
         * Takes responsibility for the mail: when this returns, it is in the spool and the client is answered 250.
         *
         * @throws IOException nothing was taken; the client keeps the mail
         */
        void commit(ReceivedMail mail) throws IOException;

        /** Frees what the content holds, also after a commit. */
        void close();
    }
}
