package org.relais.access.smtp;

import java.net.InetSocketAddress;

/** The plug-ins of one listener. Safe for use by many threads. */
@FunctionalInterface
public interface Hooks {
    Hooks NONE = (options, session, local) -> SessionHooks.NONE;

    /**
     * Called on the event loop when a session begins; does not block.
     *
     * @param local where the client connected to
     */
    SessionHooks open(SmtpOptions options, SessionFacts session, InetSocketAddress local);
}
