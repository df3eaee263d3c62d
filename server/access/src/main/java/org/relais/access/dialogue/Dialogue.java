package org.relais.access.dialogue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * The server's side of one connection. Calls come one after the other, on threads that may block, but for
 * {@link #frame}, {@link #farewell} and {@link #mayEnd}, which must not block.
 */
public interface Dialogue {

    /** Why the server ends a connection on its own. */
    enum Farewell {
        DRAINED,
        IDLE,
        TOO_LONG,
        INJECTION,
        BROKEN
    }

    /** What is said first, in the clear or under implicit TLS. */
    Reply greeting();

    /**
     * Cuts the next command from what has arrived and leaves the rest.
     *
     * @throws CommandTooLongException ends the connection
     */
    Optional<String> frame(ByteBuffer in) throws CommandTooLongException;

    /**
     * Runs one command.
     *
     * @param command as framed, one char per octet
     * @throws IOException nothing can be answered any more; the connection is closed
     */
    Reply command(String command) throws IOException;

    /** What is said under TLS once the client has asked for it. */
    Reply tlsStarted();

    /** The last text of a connection that the server ends. */
    String farewell(Farewell why);

    /** Whether nothing is lost for the client if the connection ends now. */
    boolean mayEnd();

    /** The connection is gone, or about to be. */
    void closed();
}
