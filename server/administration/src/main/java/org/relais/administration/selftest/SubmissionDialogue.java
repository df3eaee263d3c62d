package org.relais.administration.selftest;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;

/** Submits one mail: EHLO, STARTTLS (RFC 3207), AUTH PLAIN (RFC 4954), MAIL, RCPT, DATA, QUIT. */
final class SubmissionDialogue {
    private static final int SHOWN_LINES = 14;

    private final LineConnection connection;
    private final Transcript transcript;

    SubmissionDialogue(LineConnection connection, Transcript transcript) {
        this.connection = connection;
        this.transcript = transcript;
    }

    void submit(Account account, TestMail mail, PinnedCertificate pinned)
            throws IOException, GeneralSecurityException, SelfTestFailure {
        expect("220");
        command("EHLO selftest.invalid", "250");
        command("STARTTLS", "220");
        connection.startTls(pinned);
        command("EHLO selftest.invalid", "250");
        var plain = "\0" + account.address() + "\0" + account.password();
        var encoded = Base64.getEncoder().encodeToString(plain.getBytes(StandardCharsets.UTF_8));
        connection.sendSecret("AUTH PLAIN " + encoded, "AUTH PLAIN ****");
        expect("235");
        command("MAIL FROM:<" + account.address() + ">", "250");
        command("RCPT TO:<" + account.address() + ">", "250");
        command("DATA", "354");
        send(mail);
        expect("250");
        command("QUIT", "221");
    }

    private void send(TestMail mail) throws IOException {
        var stuffed = mail.dotStuffed();
        var lines = new String(stuffed, StandardCharsets.US_ASCII).split("\r\n");
        for (int i = 0; i < Math.min(SHOWN_LINES, lines.length); i++) {
            transcript.client(lines[i]);
        }
        transcript.note("… " + Math.max(0, lines.length - SHOWN_LINES - 1) + " more lines, " + mail.bytes().length
                + " octets in all");
        transcript.client(".");
        connection.sendBytes(stuffed);
    }

    private void command(String line, String code) throws IOException, SelfTestFailure {
        connection.send(line);
        expect(code);
    }

    /** Reads a reply to its last line (RFC 5321 §4.2.1). */
    private void expect(String code) throws IOException, SelfTestFailure {
        String line;
        do {
            line = connection.readLine();
            if (!line.startsWith(code)) {
                throw new SelfTestFailure(
                        "submission answered " + line + " where " + code + " was due", "see log/relais.log");
            }
        } while (line.startsWith(code + "-"));
    }
}
