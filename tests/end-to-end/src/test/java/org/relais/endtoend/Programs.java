package org.relais.endtoend;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** Programs that others wrote. One that is missing is said loudly, and skips the test that asks for it. */
final class Programs {
    private static final String SUPERUSER_PATH = ":/usr/sbin:/sbin";

    private Programs() {}

    /** Where a program is: named by a variable of the environment if there is one, or else on the path. */
    static Path require(String name, String variable) {
        String named = System.getenv(variable);
        String path = System.getenv().getOrDefault("PATH", "") + SUPERUSER_PATH;
        Path found = Stream.concat(
                        Stream.ofNullable(named).map(Path::of),
                        Stream.of(path.split(":")).map(directory -> Path.of(directory, name)))
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(null);
        requireThat(found != null, "the program " + name + " is not installed");
        return found;
    }

    /** For programs that change their user. */
    static void requireRoot(String who) {
        requireThat("root".equals(System.getProperty("user.name")), who + " is started by root only");
    }

    private static void requireThat(boolean holds, String what) {
        if (!holds) {
            System.err.println("SKIPPED, NOT TESTED: " + what);
        }
        Assumptions.assumeTrue(holds, what);
    }
}
