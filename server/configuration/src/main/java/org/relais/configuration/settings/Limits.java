package org.relais.configuration.settings;

import java.time.Duration;

/**
 * The bounds of every session.
 *
 * @param messageSize the largest mail that is taken, by whatever protocol
 * @param recipients the most forward-paths of one mail
 * @param connections the most connections of one listener
 * @param connectionsPerClient the most of them from one client address
 * @param smtpIdleTimeout how long SMTP, submission and LMTP wait for a client
 * @param pop3IdleTimeout how long POP3 waits for a client
 * @param imapIdleTimeout how long IMAP and ManageSieve wait for a client
 * @param drainTimeout how long sessions in a transaction may go on after a stop
 * @param executorThreads the threads of all listeners' blocking work
 */
public record Limits(
        ByteSize messageSize,
        int recipients,
        int connections,
        int connectionsPerClient,
        Duration smtpIdleTimeout,
        Duration pop3IdleTimeout,
        Duration imapIdleTimeout,
        Duration drainTimeout,
        int executorThreads) {

    public Duration idleTimeout(Protocol protocol) {
        return switch (protocol) {
            case SMTP, SUBMISSION, LMTP -> smtpIdleTimeout;
            case POP3 -> pop3IdleTimeout;
            case IMAP, MANAGESIEVE -> imapIdleTimeout;
        };
    }
}
