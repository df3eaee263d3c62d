package org.relais.testkit.dialogue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** ManageSieve (RFC 5804) as typed by hand. */
public final class ManageSieveDialogue extends LineDialogue<ManageSieveDialogue> {
    private static final int MAX_LINES = 10_000;

    private ManageSieveDialogue(int port) {
        super(port, false);
    }

    /** Connects and reads nothing yet. */
    public static ManageSieveDialogue connect(int port) {
        return new ManageSieveDialogue(port);
    }

    @Override
    ManageSieveDialogue self() {
        return this;
    }

    /** All lines up to and including the one that begins with OK, NO or BYE. */
    public List<String> answer() {
        List<String> lines = new ArrayList<>();
        while (lines.size() < MAX_LINES) {
            String line = readLine();
            lines.add(line);
            if (line.matches("(OK|NO|BYE)( .*)?")) {
                return lines;
            }
        }
        throw failure("more than " + MAX_LINES + " lines", null);
    }

    /** The next answer, which must be OK; its lines before that. */
    public List<String> expectOk() {
        List<String> lines = answer();
        String last = lines.get(lines.size() - 1);
        if (!last.startsWith("OK")) {
            throw failure("expected OK but got " + last, null);
        }
        return lines.subList(0, lines.size() - 1);
    }

    public List<String> ok(String command) {
        return send(command).expectOk();
    }

    /** STARTTLS, the handshake, and the capabilities that the server tells by itself then (RFC 5804 §2.2). */
    public List<String> startTls() {
        ok("STARTTLS");
        handshake();
        return expectOk();
    }

    public ManageSieveDialogue authenticatePlain(String user, String password) {
        recording().client("AUTHENTICATE \"PLAIN\" ****");
        String response =
                Base64.getEncoder().encodeToString(("\0" + user + "\0" + password).getBytes(StandardCharsets.UTF_8));
        write(("AUTHENTICATE \"PLAIN\" \"" + response + "\"\r\n").getBytes(StandardCharsets.US_ASCII));
        return this;
    }

    /** PUTSCRIPT with a non-synchronising literal; reads no answer. */
    public ManageSieveDialogue putScript(String name, String script) {
        byte[] octets = script.getBytes(StandardCharsets.UTF_8);
        sendRaw("PUTSCRIPT \"" + name + "\" {" + octets.length + "+}\r\n");
        return sendRaw(octets).sendRaw("\r\n");
    }
}
