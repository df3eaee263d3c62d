package org.relais.store.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryFileTest {
    @TempDir
    private Path home;

    @Test
    void keepsWhatItWasToldOverAReopening() throws IOException {
        DirectoryFile directory = DirectoryFile.open(file());

        directory.update(content -> content.withDomain("example.org")
                .withPassword("ann@example.org", "record")
                .withMapping("info@example.org", "alias:ann@example.org"));

        DirectoryContent reread = DirectoryFile.open(file()).content();
        assertThat(reread).isEqualTo(directory.content());
        assertThat(reread.domains()).containsExactly("example.org");
        assertThat(reread.passwords()).containsEntry("ann@example.org", "record");
        assertThat(reread.mappings()).containsEntry("info@example.org", List.of("alias:ann@example.org"));
    }

    @Test
    void isReadableByItsOwnerOnly() throws IOException {
        DirectoryFile.open(file()).update(content -> content.withDomain("example.org"));

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
    }

    @Test
    void showsNothingOfAChangeThatCannotBeWritten() throws IOException {
        DirectoryFile directory = DirectoryFile.open(home.resolve("gone").resolve("directory.json"));

        assertThatThrownBy(() -> directory.update(content -> content.withDomain("example.org")))
                .isInstanceOf(IOException.class);
        assertThat(directory.content()).isEqualTo(DirectoryContent.EMPTY);
    }

    @Test
    void saysWhereADamagedFileIsDamaged() throws IOException {
        Files.writeString(file(), "{\n  \"version\": 1,\n  \"domains\": [\"exam");

        assertThatThrownBy(() -> DirectoryFile.open(file()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("directory.json is damaged at line 3");
    }

    @Test
    void refusesAFileOfAnotherVersion() throws IOException {
        Files.writeString(file(), "{\"version\": 2}");

        assertThatThrownBy(() -> DirectoryFile.open(file())).hasMessageContaining("is of version 2");
    }

    @Test
    void forgetsASourceWithItsLastRule() throws IOException {
        DirectoryFile directory = DirectoryFile.open(file());
        directory.update(content -> content.withMapping("a@x", "alias:b@x"));

        directory.update(content -> content.withoutMapping("a@x", "alias:b@x"));

        assertThat(directory.content().mappings()).isEmpty();
    }

    private Path file() {
        return home.resolve("directory.json");
    }
}
