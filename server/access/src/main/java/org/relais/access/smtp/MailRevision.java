package org.relais.access.smtp;

import org.jspecify.annotations.Nullable;
import org.relais.spool.PendingMessage;
import org.relais.spool.mail.MailState;

/**
 * What plug-ins made of a mail before it is committed.
 *
 * @param priority 0 (last) to 9 (first)
 * @param message other bytes than those that arrived; null if they are the same. Its holder commits or closes it
 */
public record MailRevision(
        MailState state, int priority, @Nullable PendingMessage message) {
    /** The mail is not taken. */
    public void discard() {
        if (message != null) {
            message.close();
        }
    }
}
