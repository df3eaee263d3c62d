package org.relais.configuration.settings;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A name and a password for a next hop. Never prints the password. */
public record Credentials(String user, String password) {
    private static final int MAX_SIZE = 4096;

    /**
     * Reads a file of two lines: the user name, then the password; both in UTF-8, neither empty.
     *
     * @throws IOException if it cannot be read or holds something else; its message never tells the content
     */
    public static Credentials read(Path file) throws IOException {
        if (Files.size(file) > MAX_SIZE) {
            throw new IOException("it is larger than " + MAX_SIZE + " octets");
        }
        List<String> lines =
                Files.readString(file, StandardCharsets.UTF_8).lines().toList();
        if (lines.size() != 2 || lines.get(0).isBlank() || lines.get(1).isBlank()) {
            throw new IOException("it does not hold two lines, the user name and the password");
        }
        return new Credentials(lines.get(0), lines.get(1));
    }

    @Override
    public String toString() {
        return "credentials of " + user;
    }
}
