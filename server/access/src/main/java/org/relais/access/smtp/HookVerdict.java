package org.relais.access.smtp;

import org.jspecify.annotations.Nullable;

/**
 * What plug-ins say of a command or a mail.
 *
 * @param reply of a refusal; null: the session decides as it would without them
 * @param endsSession whether the connection is closed behind the reply
 */
public record HookVerdict(@Nullable Reply reply, boolean endsSession) {
    /** They have nothing against it. */
    public static final HookVerdict PASSED = new HookVerdict(null, false);
    /** One of them failed: the client is to try again. */
    public static final HookVerdict FAILED = new HookVerdict(Replies.LOCAL_PROBLEM, false);

    public HookVerdict {
        if (reply != null && reply.isPositive()) {
            throw new IllegalArgumentException("not a refusal: " + reply.summary());
        }
    }
}
