package org.relais.administration.command;

import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a command sees of the world outside: streams, environment, and a person who may be asked.
 *
 * @param environment the environment's variables
 */
public record Terminal(
        PrintStream out, PrintStream err, InputStream in, Map<String, String> environment, PasswordPrompt prompt) {

    /** Asks a person for a secret without showing it. */
    @FunctionalInterface
    public interface PasswordPrompt {
        /** What was typed; empty if nobody is there to be asked. */
        Optional<String> ask(String text);

        /** Asks for something that may be seen. */
        default Optional<String> askOpenly(String text) {
            return ask(text);
        }

        /** Whether a person looks on, for whom progress is shown. */
        default boolean isWatched() {
            return false;
        }
    }

    public Terminal {
        environment = Map.copyOf(environment);
    }

    /** This process's own; output is UTF-8 whatever the locale, as the messages are. */
    public static Terminal ofProcess() {
        return new Terminal(
                new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8),
                new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8),
                System.in,
                System.getenv(),
                new ConsolePrompt());
    }

    /** The terminal of this process, if there is one. */
    private static final class ConsolePrompt implements PasswordPrompt {
        @Override
        public Optional<String> ask(String text) {
            @Nullable Console console = System.console();
            return console == null
                    ? Optional.empty()
                    : Optional.ofNullable(console.readPassword("%s", text)).map(String::new);
        }

        @Override
        public Optional<String> askOpenly(String text) {
            @Nullable Console console = System.console();
            return console == null ? Optional.empty() : Optional.ofNullable(console.readLine("%s", text));
        }

        @Override
        public boolean isWatched() {
            return System.console() != null;
        }
    }
}
