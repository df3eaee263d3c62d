package org.relais.administration.selftest;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.regex.Pattern;

/** Waits for the one mail of INBOX over IMAP4rev1 (RFC 3501) with STARTTLS and IDLE (RFC 2177), and fetches it. */
final class ImapDialogue {
    private static final Pattern EXISTS = Pattern.compile("\\* ([0-9]{1,9}) EXISTS");
    private static final Pattern LITERAL = Pattern.compile("\\* 1 FETCH .*BODY\\[\\] \\{([0-9]{1,8})\\}");
    private static final int MAX_MAIL = 10 * 1024 * 1024;

    private final LineConnection connection;
    private final Transcript transcript;
    private int tags;

    ImapDialogue(LineConnection connection, Transcript transcript) {
        this.connection = connection;
        this.transcript = transcript;
    }

    byte[] fetch(Account account, PinnedCertificate pinned)
            throws IOException, GeneralSecurityException, SelfTestFailure {
        require(connection.readLine(), "* OK");
        complete(send("STARTTLS"));
        connection.startTls(pinned);
        var login = nextTag();
        connection.sendSecret(
                login + " LOGIN " + account.address() + " " + account.password(),
                login + " LOGIN " + account.address() + " ****");
        complete(login);
        if (!hasMail(send("SELECT INBOX"))) {
            idleUntilMail();
        }
        var mail = fetchFirst();
        complete(send("LOGOUT"));
        return mail;
    }

    private void idleUntilMail() throws IOException, SelfTestFailure {
        var tag = send("IDLE");
        require(connection.readLine(), "+");
        boolean isThere = false;
        while (!isThere) {
            var line = connection.readLine();
            require(line, "*");
            isThere = exists(line) > 0;
        }
        connection.send("DONE");
        complete(tag);
    }

    private byte[] fetchFirst() throws IOException, SelfTestFailure {
        var tag = send("FETCH 1 BODY.PEEK[]");
        var matcher = LITERAL.matcher(connection.readLine());
        if (!matcher.matches() || Integer.parseInt(matcher.group(1)) > MAX_MAIL) {
            throw new SelfTestFailure("IMAP did not answer FETCH with the mail as a literal", "see log/relais.log");
        }
        var mail = connection.readBytes(Integer.parseInt(matcher.group(1)));
        transcript.note("… " + mail.length + " octets");
        connection.readLine();
        complete(tag);
        return mail;
    }

    private String send(String command) throws IOException {
        var tag = nextTag();
        connection.send(tag + " " + command);
        return tag;
    }

    private String nextTag() {
        return "a" + ++tags;
    }

    private void complete(String tag) throws IOException, SelfTestFailure {
        hasMail(tag);
    }

    /** Reads up to the tagged OK; whether the mailbox was said to have mail on the way. */
    private boolean hasMail(String tag) throws IOException, SelfTestFailure {
        boolean hasMail = false;
        var line = connection.readLine();
        while (line.startsWith("* ")) {
            hasMail |= exists(line) > 0;
            line = connection.readLine();
        }
        require(line, tag + " OK");
        return hasMail;
    }

    private static int exists(String line) {
        var matcher = EXISTS.matcher(line);
        return matcher.matches() ? Integer.parseInt(matcher.group(1)) : 0;
    }

    private static void require(String line, String start) throws SelfTestFailure {
        if (!line.startsWith(start)) {
            throw new SelfTestFailure("IMAP answered " + line + " where " + start + " was due", "see log/relais.log");
        }
    }
}
