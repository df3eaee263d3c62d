package org.relais.administration.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import picocli.AutoComplete;
import picocli.CommandLine;

/** Keeps what is written from the commands' declarations as they are; {@code -Drelais.write} writes it anew. */
class GeneratedFilesTest {
    private static final Path DOCS = Path.of("../../docs");

    @Test
    void theManualPageIsTheOneOfTheCommands() throws IOException {
        compare(DOCS.resolve("man/relais.1"), ManualPage.of(commands()));
    }

    @Test
    void theCompletionIsTheOneOfTheCommands() throws IOException {
        var script = AutoComplete.bash("relais", commands())
                .lines()
                .filter(line -> !line.startsWith("# Generated at:") && !line.startsWith("# Timestamp"))
                .toList();

        compare(DOCS.resolve("completion/relais.bash"), String.join("\n", script) + "\n");
    }

    private static void compare(Path file, String generated) throws IOException {
        if (System.getProperty("relais.write") != null) {
            Files.createDirectories(file.getParent());
            Files.writeString(file, generated);
        }
        assertThat(file).as("run this test with -Drelais.write=yes").hasContent(generated);
    }

    private static CommandLine commands() {
        var terminal = new Terminal(
                new PrintStream(PrintStream.nullOutputStream()),
                new PrintStream(PrintStream.nullOutputStream()),
                InputStream.nullInputStream(),
                Map.of(),
                text -> Optional.empty());
        return new RelaisCommandLine(
                        terminal,
                        InstantSource.system(),
                        List.of(),
                        (home, settings, user, stop) -> {
                            throw new UnsupportedOperationException("nothing is started here");
                        },
                        data -> List.of())
                .commands();
    }
}
