package org.relais.access.imap;

import java.time.Duration;

/**
 * The bounds of one IMAP connection. What comes before authentication is bounded far more tightly: nobody is known
 * there, and whatever the server keeps for such a connection is multiplied by the number of connections.
 *
 * @param lineOctets octets of one command without its literals, and of one continuation line
 * @param literalOctets octets of all literals of an APPEND or REPLACE (a mail's greatest size)
 * @param argumentOctets octets of all literals of any other command once authenticated
 * @param memoryOctets octets of one command kept in memory; a longer one is spilled to a temporary file
 * @param loginLiteralOctets octets of one literal before authentication
 * @param loginLiterals literals of one connection before authentication
 * @param loginCommands commands of one connection before authentication
 * @param loginTime how long a connection may stay without authentication
 */
public record ImapLimits(
        int lineOctets,
        long literalOctets,
        int argumentOctets,
        int memoryOctets,
        int loginLiteralOctets,
        int loginLiterals,
        int loginCommands,
        Duration loginTime) {

    public ImapLimits {
        positive(lineOctets, "lineOctets");
        positive(literalOctets, "literalOctets");
        positive(argumentOctets, "argumentOctets");
        positive(memoryOctets, "memoryOctets");
        positive(loginLiteralOctets, "loginLiteralOctets");
        positive(loginLiterals, "loginLiterals");
        positive(loginCommands, "loginCommands");
        positive(loginTime.toMillis(), "loginTime");
    }

    /** Lines and arguments of 64 KiB, 256 KiB in memory; before login 8 literals of 8 KiB, 64 commands and 3 minutes. */
    public static ImapLimits forMessagesOf(long messageOctets) {
        return new ImapLimits(64 << 10, messageOctets, 64 << 10, 256 << 10, 8 << 10, 8, 64, Duration.ofMinutes(3));
    }

    /** The same bounds with another time to log in. */
    public ImapLimits withLoginTime(Duration time) {
        return new ImapLimits(
                lineOctets,
                literalOctets,
                argumentOctets,
                memoryOctets,
                loginLiteralOctets,
                loginLiterals,
                loginCommands,
                time);
    }

    private static void positive(long value, String name) {
        if (value <= 0) {
            throw new IllegalArgumentException(name + " must be positive, was " + value);
        }
    }
}
