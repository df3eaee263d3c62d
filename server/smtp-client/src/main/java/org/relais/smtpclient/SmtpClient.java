package org.relais.smtpclient;

import java.util.concurrent.CompletionStage;

/**
 * Hands mails to servers, each over a connection that is idle or new. Safe for use by many threads.
 *
 * <p>How many transactions run at once is the caller's decision; {@link ClientSettings} bounds the connections that are
 * open. A transaction that finds no room waits for it, within its deadline for a connection.
 */
public interface SmtpClient extends AutoCloseable {

    /**
     * Makes one transaction, or several over one connection where the server's LIMITS (RFC 9422) ask for it. The stage
     * completes within the deadlines of {@link ClientSettings}, on a thread that must not be blocked. It fails by a fault of
     * ours alone, which is in the log then and says nothing about the mail: a bug, a
     * content that cannot be read, an executor that takes nothing.
     */
    CompletionStage<TransactionResult> send(Endpoint endpoint, Transaction transaction);

    /** Open connections, idle ones included. */
    int connections();

    /**
     * Takes no mail any more, lets idle connections say QUIT, and waits for the transactions under way, within the bound of
     * {@link ClientSettings#closing()}; what goes on then is broken off. On an event loop it does not wait.
     */
    @Override
    void close();
}
