package org.relais.testkit.dialogue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.relais.testkit.wire.DotContent;

/**
 * SMTP, submission or LMTP as typed by hand.
 *
 * <pre>{@code
 * try (var smtp = SmtpDialogue.connect(port)) {
 *     smtp.expect("220");
 *     smtp.ask("HELO client.test", "250");
 * }
 * }</pre>
 */
public final class SmtpDialogue extends LineDialogue<SmtpDialogue> {
    private static final int MAX_REPLY_LINES = 200;

    private SmtpDialogue(int port, boolean implicitTls) {
        super(port, implicitTls);
    }

    /** Connects and reads nothing yet. */
    public static SmtpDialogue connect(int port) {
        return new SmtpDialogue(port, false);
    }

    public static SmtpDialogue connectTls(int port) {
        return new SmtpDialogue(port, true);
    }

    /** Connects, reads the greeting, says EHLO. */
    public static SmtpDialogue greeted(int port) {
        SmtpDialogue smtp = connect(port);
        smtp.expect("220");
        smtp.ask("EHLO client.test", "250");
        return smtp;
    }

    /** Connects, says EHLO, STARTTLS and AUTH PLAIN. */
    public static SmtpDialogue authenticated(int port, String user, String password) {
        SmtpDialogue smtp = greeted(port);
        smtp.startTls();
        smtp.ask("EHLO client.test", "250");
        smtp.authPlain(user, password);
        smtp.expect("235");
        return smtp;
    }

    @Override
    SmtpDialogue self() {
        return this;
    }

    /** The next reply, all its lines. */
    public SmtpReply reply() {
        List<String> lines = new ArrayList<>();
        while (lines.size() < MAX_REPLY_LINES) {
            String line = readLine();
            if (!line.matches("[2-5][0-9][0-9]([ -].*)?")) {
                throw failure("no SMTP reply: " + line, null);
            }
            lines.add(line);
            if (line.length() == 3 || line.charAt(3) == ' ') {
                return new SmtpReply(Integer.parseInt(line.substring(0, 3)), lines);
            }
        }
        throw failure("a reply of more than " + MAX_REPLY_LINES + " lines", null);
    }

    /** The next reply, whose last line must begin so, e.g. {@code 550 5.1.1}. */
    public SmtpReply expect(String prefix) {
        SmtpReply reply = reply();
        if (!reply.lastLine().startsWith(prefix)) {
            throw failure("expected " + prefix + " but got " + reply.lastLine(), null);
        }
        return reply;
    }

    /** Sends a command; its reply must begin so. */
    public SmtpReply ask(String command, String prefix) {
        return send(command).expect(prefix);
    }

    public SmtpReply ask(String command) {
        return send(command).reply();
    }

    public SmtpDialogue startTls() {
        ask("STARTTLS", "220");
        handshake();
        return this;
    }

    /** Sends AUTH PLAIN with an initial response; the password does not get into the transcript. */
    public SmtpDialogue authPlain(String user, String password) {
        String response = base64("\0" + user + "\0" + password);
        recording().client("AUTH PLAIN ****");
        return write(("AUTH PLAIN " + response + "\r\n").getBytes(StandardCharsets.US_ASCII));
    }

    /** The three steps of AUTH LOGIN; returns the last reply, or the one that ended it early. */
    public SmtpReply authLogin(String user, String password) {
        SmtpReply reply = ask("AUTH LOGIN");
        for (String answer : List.of(user, password)) {
            if (reply.code() != 334) {
                return reply;
            }
            recording().client("****");
            write((base64(answer) + "\r\n").getBytes(StandardCharsets.US_ASCII));
            reply = reply();
        }
        return reply;
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Sends a content behind 354, with dots stuffed and its end; reads no reply. */
    public SmtpDialogue content(byte[] content) {
        recording().client("(content of " + content.length + " octets)");
        return write(DotContent.stuffed(content));
    }

    /** A whole transaction: MAIL, RCPT, DATA, content; returns the reply behind the content. */
    public SmtpReply submit(String reversePath, String forwardPath, byte[] content) {
        ask("MAIL FROM:<" + reversePath + ">", "250");
        ask("RCPT TO:<" + forwardPath + ">", "250");
        ask("DATA", "354");
        return content(content).reply();
    }

    public void quit() {
        ask("QUIT", "221");
        expectClosed();
    }
}
