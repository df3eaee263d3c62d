package org.relais.smtpclient.netty;

import java.time.Duration;
import org.relais.smtpclient.SessionInfo;
import org.relais.smtpclient.protocol.Extensions;

/** What a connection keeps from mail to mail: what it was opened with, and how it was used since. On the event loop only. */
final class Session {
    /**
     * Past this time without a mail the server may be about to close: the content then waits for the recipients, so that
     * a connection that turns out dead leaves no doubt about the mail.
     */
    private static final long FRESH_NANOS = Duration.ofSeconds(1).toNanos();

    private Extensions extensions = Extensions.NONE;
    private SessionInfo tls = SessionInfo.NONE;
    private int mails;
    private boolean needsReset;
    private long idleSince;

    /** @param why the certificate is not verified; empty if it is */
    void secured(String protocolAndCipher, String why) {
        tls = new SessionInfo(protocolAndCipher, why.isEmpty(), why, false, false);
    }

    /** @param whyClear there is no TLS, if there is none */
    void opened(Extensions announced, String whyClear, long now) {
        extensions = announced;
        if (tls.tls().isEmpty()) {
            tls = new SessionInfo("none", false, whyClear, false, false);
        }
        idleSince = now;
    }

    void mailAnswered(boolean wantsReset) {
        needsReset = wantsReset;
        mails++;
    }

    void idleFrom(long now) {
        idleSince = now;
    }

    Extensions extensions() {
        return extensions;
    }

    boolean hasCarriedAMail() {
        return mails > 0;
    }

    /** Whether it has carried as many mails as it may. */
    boolean isSpent(int most) {
        return mails >= most || mails >= extensions.limits().mails();
    }

    /** Whether RSET goes before the next mail. */
    boolean needsReset() {
        return needsReset;
    }

    boolean isFresh(long now) {
        return mails == 0 || now - idleSince < FRESH_NANOS;
    }

    /** As the mail under way finds it. */
    SessionInfo info() {
        return new SessionInfo(
                tls.tls(), tls.isVerified(), tls.why(), mails > 0, extensions.has(Extensions.Keyword.DSN));
    }
}
