package org.relais.administration.selftest;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Random;
import javax.net.ssl.SSLException;

/**
 * Sends a mail with an attachment through submission and the chain, and fetches it over IMAP and POP3, comparing octets.
 * Each of the three connections has its deadline; the mail is deleted over POP3. Blocks; for one thread.
 */
public final class SelfTest {
    private static final int ATTACHMENT_BYTES = 24 * 1024;

    /** Where the three protocols listen, each with TLS after a command in the clear. */
    public record Servers(InetSocketAddress submission, InetSocketAddress imap, InetSocketAddress pop3) {}

    /** One protocol's turn. */
    @FunctionalInterface
    private interface Turn<T> {
        T take(LineConnection connection) throws IOException, GeneralSecurityException, SelfTestFailure;
    }

    private final Servers servers;
    private final PinnedCertificate pinned;
    private final Duration deadline;
    private final InstantSource clock;
    private final Random random;
    private final Transcript transcript;

    /**
     * Prepares a test.
     *
     * @param deadline for each of the three connections
     */
    public SelfTest(
            Servers servers,
            PinnedCertificate pinned,
            Duration deadline,
            InstantSource clock,
            Random random,
            Transcript transcript) {
        this.servers = servers;
        this.pinned = pinned;
        this.deadline = deadline;
        this.clock = clock;
        this.random = random;
        this.transcript = transcript;
    }

    /** Runs it as this user, whose mailbox is empty. */
    public void run(String address, String password) throws SelfTestFailure {
        var account = new Account(address, password);
        var mail = writeMail(address);

        transcript.note("submission: the mail goes in");
        take("submission", servers.submission(), connection -> {
            new SubmissionDialogue(connection, transcript).submit(account, mail, pinned);
            return mail;
        });

        transcript.note("IMAP: the mail has come through the chain into the mailbox");
        var overImap = take(
                "IMAP", servers.imap(), connection -> new ImapDialogue(connection, transcript).fetch(account, pinned));
        compare(mail, overImap, "IMAP");

        transcript.note("POP3: the same mail again, and it is deleted");
        var overPop3 = take(
                "POP3",
                servers.pop3(),
                connection -> new Pop3Dialogue(connection, transcript).fetchAndDelete(account, pinned));
        compare(mail, overPop3, "POP3");
    }

    private TestMail writeMail(String address) {
        var attachment = new byte[ATTACHMENT_BYTES];
        random.nextBytes(attachment);
        var id = new byte[8];
        random.nextBytes(id);
        return TestMail.write(address, "selftest-" + HexFormat.of().formatHex(id), clock.instant(), attachment);
    }

    private void compare(TestMail mail, byte[] arrived, String over) throws SelfTestFailure {
        int added = mail.requireIn(arrived, over);
        transcript.note("identical over " + over + ", octet by octet, below " + added + " octets of trace fields");
    }

    private <T> T take(String name, InetSocketAddress server, Turn<T> turn) throws SelfTestFailure {
        try (var connection = LineConnection.open(server, deadline, transcript)) {
            return turn.take(connection);
        } catch (SocketTimeoutException e) {
            throw new SelfTestFailure(
                    name + " did not answer within " + deadline.toSeconds() + " s",
                    "see log/relais.log, and relais status",
                    e);
        } catch (SSLException e) {
            throw new SelfTestFailure(
                    name + ": no TLS session: " + e.getMessage(),
                    "if the certificate was changed: relais tls reload",
                    e);
        } catch (IOException | GeneralSecurityException e) {
            throw new SelfTestFailure(name + ": " + e.getMessage(), "see log/relais.log, and relais status", e);
        }
    }
}
