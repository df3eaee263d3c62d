package org.relais.testkit.dialogue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** IMAP as typed by hand, with literals read as octets. */
public final class ImapDialogue extends LineDialogue<ImapDialogue> {
    private static final Pattern LITERAL = Pattern.compile("\\{(\\d{1,9})}$");
    private static final int MAX_LITERAL = 64 * 1024 * 1024;
    private static final int MAX_RESPONSES = 100_000;

    private int tags;

    private ImapDialogue(int port, boolean implicitTls) {
        super(port, implicitTls);
    }

    /** Connects and reads nothing yet. */
    public static ImapDialogue connect(int port) {
        return new ImapDialogue(port, false);
    }

    public static ImapDialogue connectTls(int port) {
        return new ImapDialogue(port, true);
    }

    /** Connects under implicit TLS, reads the greeting, logs in. */
    public static ImapDialogue loggedIn(int tlsPort, String user, String password) {
        ImapDialogue imap = connectTls(tlsPort);
        imap.expectLine("* OK");
        imap.login(user, password);
        return imap;
    }

    @Override
    ImapDialogue self() {
        return this;
    }

    /** The next response, its literals included. */
    public ImapResponse response() {
        StringBuilder text = new StringBuilder();
        List<byte[]> literals = new ArrayList<>();
        while (true) {
            String line = readLine();
            text.append(line);
            Matcher literal = LITERAL.matcher(line);
            if (!literal.find()) {
                return new ImapResponse(text.toString(), literals);
            }
            int size = Integer.parseInt(literal.group(1));
            if (size > MAX_LITERAL) {
                throw failure("a literal of " + size + " octets", null);
            }
            try {
                literals.add(wire().readOctets(size, deadline()));
                recording().server("(literal of " + size + " octets)");
            } catch (IOException e) {
                throw failure("no literal: " + e.getMessage(), e);
            }
        }
    }

    /** Sends a command under the next tag and reads up to its tagged response. */
    public ImapReply command(String command) {
        String tag = nextTag();
        send(tag + " " + command);
        return reply(tag);
    }

    /** As {@link #command}, and the status must be OK. */
    public ImapReply ok(String command) {
        ImapReply reply = command(command);
        if (!reply.isOk()) {
            throw failure("expected OK to " + command + " but got " + reply.status(), null);
        }
        return reply;
    }

    /** Reads up to the tagged response of a command that was sent by hand. */
    public ImapReply reply(String tag) {
        List<ImapResponse> untagged = new ArrayList<>();
        while (untagged.size() < MAX_RESPONSES) {
            ImapResponse response = response();
            if (response.text().startsWith(tag + " ")) {
                return new ImapReply(untagged, response.text().substring(tag.length() + 1));
            }
            untagged.add(response);
        }
        throw failure("more than " + MAX_RESPONSES + " responses", null);
    }

    public String nextTag() {
        return "a" + ++tags;
    }

    public ImapReply login(String user, String password) {
        return ok("LOGIN \"" + user + "\" \"" + password + "\"");
    }

    public ImapDialogue startTls() {
        ok("STARTTLS");
        handshake();
        return this;
    }

    /** SELECT, and the number of messages. */
    public int select(String mailbox) {
        return ok("SELECT \"" + mailbox + "\"").lines().stream()
                .filter(l -> l.endsWith(" EXISTS"))
                .map(l -> Integer.parseInt(l.split(" ")[1]))
                .findFirst()
                .orElseThrow(() -> failure("no EXISTS", null));
    }

    /** The octets of message number {@code number} of the selected mailbox. */
    public byte[] fetch(int number) {
        return ok("FETCH " + number + " BODY.PEEK[]").untagged().stream()
                .filter(r -> r.text().contains(" FETCH ") && !r.literals().isEmpty())
                .map(r -> r.literals().get(0))
                .findFirst()
                .orElseThrow(() -> failure("no content of message " + number, null));
    }

    /** APPEND with a synchronising literal. */
    public ImapReply append(String mailbox, byte[] content) {
        String tag = nextTag();
        send(tag + " APPEND \"" + mailbox + "\" {" + content.length + "}");
        expectLine("+");
        recording().client("(literal of " + content.length + " octets)");
        write(content);
        write(new byte[] {'\r', '\n'});
        return reply(tag);
    }

    /** IDLE; returns its tag once the server has said that it waits. */
    public String idle() {
        String tag = nextTag();
        send(tag + " IDLE");
        expectLine("+");
        return tag;
    }

    /** Ends an IDLE. */
    public ImapReply done(String tag) {
        send("DONE");
        return reply(tag);
    }

    /** Reads until an untagged response that the test waits for. */
    public ImapResponse await(String what, Predicate<String> wanted) {
        for (int i = 0; i < MAX_RESPONSES; i++) {
            ImapResponse response = response();
            if (response.isUntagged() && wanted.test(response.text())) {
                return response;
            }
        }
        throw failure("no " + what, null);
    }

    public void logout() {
        ok("LOGOUT");
        expectClosed();
    }
}
