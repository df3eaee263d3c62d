package org.relais.testkit.dialogue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.relais.testkit.wire.DotContent;

/** POP3 as typed by hand. */
public final class Pop3Dialogue extends LineDialogue<Pop3Dialogue> {
    private static final int MAX_CONTENT = 64 * 1024 * 1024;
    private static final int MAX_LINES = 100_000;

    private Pop3Dialogue(int port, boolean implicitTls) {
        super(port, implicitTls);
    }

    /** Connects and reads nothing yet. */
    public static Pop3Dialogue connect(int port) {
        return new Pop3Dialogue(port, false);
    }

    public static Pop3Dialogue connectTls(int port) {
        return new Pop3Dialogue(port, true);
    }

    /** Connects under implicit TLS, reads the greeting, logs in. */
    public static Pop3Dialogue loggedIn(int tlsPort, String user, String password) {
        Pop3Dialogue pop3 = connectTls(tlsPort);
        pop3.expectLine("+OK");
        pop3.login(user, password);
        return pop3;
    }

    @Override
    Pop3Dialogue self() {
        return this;
    }

    /** Sends a command; returns the first line of the answer, which must begin so. */
    public String ask(String command, String prefix) {
        return send(command).expectLine(prefix);
    }

    public Pop3Dialogue login(String user, String password) {
        ask("USER " + user, "+OK");
        ask("PASS " + password, "+OK");
        return this;
    }

    public Pop3Dialogue startTls() {
        ask("STLS", "+OK");
        handshake();
        return this;
    }

    /** A command with an answer of several lines, e.g. CAPA, LIST, UIDL; the lines behind {@code +OK}. */
    public List<String> list(String command) {
        ask(command, "+OK");
        List<String> lines = new ArrayList<>();
        while (lines.size() < MAX_LINES) {
            String line = readLine();
            if (line.equals(".")) {
                return lines;
            }
            lines.add(line.startsWith(".") ? line.substring(1) : line);
        }
        throw failure("more than " + MAX_LINES + " lines", null);
    }

    /** Number of messages in the maildrop. */
    public int count() {
        return Integer.parseInt(ask("STAT", "+OK").split(" ")[1]);
    }

    /** The octets of a message, dots unstuffed. */
    public byte[] retrieve(int number) {
        ask("RETR " + number, "+OK");
        DotContent content = new DotContent(wire(), MAX_CONTENT);
        try {
            content.read(OptionalInt.empty(), deadline());
        } catch (IOException e) {
            throw failure("no content: " + e.getMessage(), e);
        }
        recording().server("(content of " + content.size() + " octets)");
        return content.kept();
    }

    public void quit() {
        ask("QUIT", "+OK");
        expectClosed();
    }
}
