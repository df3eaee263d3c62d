package org.relais.endtoend;

import java.nio.file.Files;
import java.nio.file.Path;

/** The checkout that these tests were built in. */
final class Checkout {
    private Checkout() {}

    /** Its root; tests run in the folder of their module. */
    static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(folder.resolve("docs/examples"))) {
            folder = folder.getParent();
        }
        return folder;
    }
}
