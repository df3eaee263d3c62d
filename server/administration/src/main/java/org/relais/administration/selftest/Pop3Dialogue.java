package org.relais.administration.selftest;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;

/** Fetches the one mail of a maildrop over POP3 (RFC 1939) with STLS (RFC 2595), and deletes it. */
final class Pop3Dialogue {
    private static final int MAX_MAIL = 10 * 1024 * 1024;

    private final LineConnection connection;
    private final Transcript transcript;

    Pop3Dialogue(LineConnection connection, Transcript transcript) {
        this.connection = connection;
        this.transcript = transcript;
    }

    byte[] fetchAndDelete(Account account, PinnedCertificate pinned)
            throws IOException, GeneralSecurityException, SelfTestFailure {
        expect();
        command("STLS");
        connection.startTls(pinned);
        command("USER " + account.address());
        connection.sendSecret("PASS " + account.password(), "PASS ****");
        expect();
        command("STAT");
        command("RETR 1");
        var mail = readMail();
        command("DELE 1");
        command("QUIT");
        return mail;
    }

    private byte[] readMail() throws IOException, SelfTestFailure {
        var mail = new ByteArrayOutputStream();
        for (var line = connection.readRawLine(); !isEnd(line); line = connection.readRawLine()) {
            int from = line.length > 0 && line[0] == '.' ? 1 : 0; // RFC 1939 §3: the doubled dot
            mail.write(line, from, line.length - from);
            mail.write('\r');
            mail.write('\n');
            if (mail.size() > MAX_MAIL) {
                throw new SelfTestFailure("POP3 sent more than was in the mail", "see log/relais.log");
            }
        }
        transcript.note("… " + mail.size() + " octets");
        transcript.server(".");
        return mail.toByteArray();
    }

    private static boolean isEnd(byte[] line) {
        return line.length == 1 && line[0] == '.';
    }

    private void command(String line) throws IOException, SelfTestFailure {
        connection.send(line);
        expect();
    }

    private void expect() throws IOException, SelfTestFailure {
        var line = connection.readLine();
        if (!line.startsWith("+OK")) {
            throw new SelfTestFailure("POP3 answered " + line, "see log/relais.log");
        }
    }
}
