package org.relais.administration.command;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Takes a password from standard input or a person; never from an argument, which other users of the host see. */
final class Passwords {
    private static final int MAX_BYTES = 1024;

    private final Terminal terminal;

    Passwords(Terminal terminal) {
        this.terminal = terminal;
    }

    String take(boolean isOnStdin, String address) throws CommandFailure {
        return isOnStdin ? fromStdin() : fromPerson(address);
    }

    /** The first line of standard input, or all of it if it has no line end. */
    private String fromStdin() throws CommandFailure {
        try {
            var bytes = terminal.in().readNBytes(MAX_BYTES + 1);
            var text = new String(bytes, StandardCharsets.UTF_8);
            var line = text.lines().findFirst().orElse("");
            if (bytes.length > MAX_BYTES && line.length() == text.length()) {
                throw CommandFailure.failed("the password on standard input is too long", "255 octets at most");
            }
            return line;
        } catch (IOException e) {
            throw CommandFailure.failed("standard input cannot be read: " + e.getMessage(), "give it the password");
        }
    }

    private String fromPerson(String address) throws CommandFailure {
        var first = ask("Password for " + address + ": ");
        if (!first.equals(ask("The same again: "))) {
            throw CommandFailure.failed("the two passwords differ", "type the command again");
        }
        return first;
    }

    private String ask(String text) throws CommandFailure {
        return terminal.prompt()
                .ask(text)
                .orElseThrow(() -> CommandFailure.wrongUsage(
                        "nobody can be asked for the password here", "pipe it in with --password-stdin"));
    }
}
