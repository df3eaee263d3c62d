package org.relais.configuration.relaisxml;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Optional;

/** What is asked of a file that the configuration names. */
final class FileRules {
    private FileRules() {}

    /** Why it cannot be read, to stand behind its name; empty if it can. */
    static Optional<String> unreadable(Path file) {
        if (!Files.exists(file)) {
            return Optional.of("does not exist");
        }
        if (!Files.isRegularFile(file)) {
            return Optional.of("is not a regular file");
        }
        if (!Files.isReadable(file)) {
            return Optional.of("cannot be read by the user who runs this");
        }
        return Optional.empty();
    }

    /** Whether its mode lets every user read it; false where files have no POSIX modes. */
    static boolean isReadableByOthers(Path file) {
        try {
            return Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ);
        } catch (UnsupportedOperationException | IOException e) {
            return false; // No modes to judge by; a file that went away is told where it is read.
        }
    }
}
