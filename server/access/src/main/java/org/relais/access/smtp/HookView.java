package org.relais.access.smtp;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What plug-ins see of a session at one moment.
 *
 * @param transaction another number for each mail transaction
 * @param reversePath of the transaction; null before MAIL
 * @param forwardPaths accepted so far
 */
public record HookView(
        SessionFacts session, long transaction, @Nullable MailPath reversePath, List<MailPath> forwardPaths) {
    public HookView {
        forwardPaths = List.copyOf(forwardPaths);
    }
}
