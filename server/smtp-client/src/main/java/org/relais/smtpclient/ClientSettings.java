package org.relais.smtpclient;

import java.time.Duration;

/**
 * Bounds of the client.
 *
 * @param connections open at once, in all
 * @param connectionsPerAddress open at once to one address and port
 * @param idle how long a connection is kept without a mail
 * @param mailsPerConnection after so many it is closed
 * @param mostSilence the longest time in which a server that is being sent a content takes no octet
 * @param closing how long {@link SmtpClient#close()} waits for transactions that are under way
 */
public record ClientSettings(
        int connections,
        int connectionsPerAddress,
        Duration idle,
        int mailsPerConnection,
        Timeouts timeouts,
        Duration mostSilence,
        Duration closing) {

    /**
     * How long each reply may take (RFC 5321 §4.5.3.2).
     *
     * @param connection for TCP, and to wait for room
     * @param command for EHLO, STARTTLS with its handshake, AUTH, RSET
     * @param transaction for all of it, from MAIL to the last reply
     */
    public record Timeouts(
            Duration connection,
            Duration greeting,
            Duration command,
            Duration mail,
            Duration recipient,
            Duration data,
            Duration chunk,
            Duration end,
            Duration transaction) {
        public static final Timeouts STANDARD = new Timeouts(
                Duration.ofSeconds(30),
                Duration.ofMinutes(5),
                Duration.ofMinutes(5),
                Duration.ofMinutes(5),
                Duration.ofMinutes(5),
                Duration.ofMinutes(2),
                Duration.ofMinutes(3),
                Duration.ofMinutes(10),
                Duration.ofHours(1));
    }

    public static final ClientSettings STANDARD = new ClientSettings(
            500, 20, Duration.ofSeconds(30), 1000, Timeouts.STANDARD, Duration.ofMinutes(3), Duration.ofSeconds(3));
}
